import type { Operation } from './call.js';

/** An operation and what its path said. */
export interface Match {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly operation: Operation;
  /** `{Name}` stands for any segment. */
  readonly segments: readonly string[];
}

/** @returns a function that finds the operation of a method and a path without its query */
export function matcher(operations: readonly Operation[]): (method: string, path: string) => Match | undefined {
  const patterns = operations.map((operation): Pattern => ({ operation, segments: segmentsOf(operation.path) }));
  return (method, path) => {
    const segments = segmentsOf(path);
    for (const { operation, segments: pattern } of patterns) {
      if (operation.method !== method || pattern.length !== segments.length) continue;
      const params = paramsOf(pattern, segments);
      if (params) return { operation, params };
    }
    return undefined;
  };
}

/** Some models have a slash at the end, and clients follow them. */
function segmentsOf(path: string): string[] {
  const segments = path.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  return segments;
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] as string;
    if (expected.startsWith('{')) params[expected.slice(1, -1)] = decoded(segment);
    else if (expected !== segment) return undefined;
  }
  return params;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
