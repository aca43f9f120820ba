import { existsSync } from 'node:fs';
import path from 'node:path';
import { HTTP_API_MS } from '../../lint/deployment.js';
import type { DeployedFunction, HandlerKind } from '../../lint/index.js';
import { FaultlineError } from '../contract/errors.js';
import { CONFIG_FILES, type FunctionConfig } from '../contract/config.js';

/** What lint learns from the configuration: which file is which function, who calls it, and how long it may take. */

/** The nearest folder above a file that holds a configuration. @param known what was found before */
export function configFolderOf(file: string, known: Map<string, string | undefined>): string | undefined {
  const folder = path.dirname(file);
  if (known.has(folder)) return known.get(folder);
  const here = CONFIG_FILES.some((name) => existsSync(path.join(folder, name)));
  const found = here ? folder : folder === file ? undefined : configFolderOf(folder, known);
  known.set(folder, found);
  return found;
}

function kindsOf(config: FunctionConfig): HandlerKind[] {
  const kinds: [boolean, HandlerKind][] = [
    [config.routes.length > 0 || config.url !== undefined, 'http'],
    [config.queues.length > 0, 'queue'],
    [config.schedules.length > 0, 'schedule'],
  ];
  return kinds.flatMap(([is, kind]) => (is ? [kind] : []));
}

function deployed(config: FunctionConfig): DeployedFunction {
  return {
    name: config.name,
    file: config.file,
    export: config.export,
    runtime: config.runtime,
    timeoutMs: config.timeoutMs,
    kinds: kindsOf(config),
    ...(config.routes.length > 0 ? { gatewayMs: HTTP_API_MS } : {}),
    routes: config.routes.map(({ method, path: at }) => `${method} ${at}`),
    ...(config.queues.length > 0 ? { batchSize: Math.max(...config.queues.map((each) => each.batchSize)) } : {}),
  };
}

/**
 * @param files absolute paths of the files to lint
 * @param note told why a configuration that does not load tells nothing; `faultline start` is the one to fail on it
 * @returns the functions whose handlers are in a file
 */
export async function deployedFunctions(
  files: readonly string[],
  note: (text: string) => void = () => undefined,
): Promise<(file: string) => readonly DeployedFunction[]> {
  const known = new Map<string, string | undefined>();
  const roots = new Set(files.map((file) => configFolderOf(file, known)).filter((root) => root !== undefined));
  const found = new Map<string, DeployedFunction[]>();
  for (const root of roots) {
    const { loadConfig } = await import('../config/index.js');
    const config = await loadConfig(root).catch((error: unknown) => {
      // Without functions a configuration still says how to lint.
      const hasNone = error instanceof FaultlineError && error.place?.key === 'functions';
      if (!hasNone) note(error instanceof Error ? error.message : String(error));
      return undefined;
    });
    for (const each of config?.functions ?? []) found.set(each.file, [...(found.get(each.file) ?? []), deployed(each)]);
  }
  return (file) => found.get(file) ?? [];
}
