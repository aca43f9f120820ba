/** What `start --json` tells after its first line, as lines for a log. */

interface Told {
  readonly type?: unknown;
  readonly function?: unknown;
  readonly version?: unknown;
  readonly change?: unknown;
  readonly problem?: { readonly message?: unknown };
  readonly fault?: { readonly id?: unknown; readonly summary?: unknown };
}

const text = (value: unknown): string => (value === undefined ? '' : String(value));

/** @returns undefined for what is shown elsewhere already: invocations, and what handlers print */
export function activityLine(line: string): string | undefined {
  let told: Told;
  try {
    told = JSON.parse(line) as Told;
  } catch {
    return line;
  }
  switch (told.type) {
    case 'version':
      return `${text(told.function)}: version ${text(told.version)} serves`;
    case 'problem':
      return `${text(told.function ?? 'workspace')}: ${text(told.problem?.message)}`;
    case 'solved':
      return `${text(told.function ?? 'workspace')}: solved`;
    case 'fault':
      return `fault ${text(told.fault?.id)} ${text(told.change)}: ${text(told.fault?.summary)}`;
    case 'stopping':
      return 'stopping';
    default:
      return undefined;
  }
}
