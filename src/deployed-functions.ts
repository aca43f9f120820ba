import type { Snapshot } from '../emulator/contract/snapshot.js';
import { HTTP_API_MS } from '../lint/deployment.js';
import type { DeployedFunction, HandlerKind } from '../lint/index.js';

/** What a running emulator tells lint of a file: the functions whose handlers it has, and who calls them. */
export function deployedFunctions(snapshot: Snapshot | undefined, file: string): DeployedFunction[] {
  const functions = snapshot?.functions.filter((each) => each.file === file) ?? [];
  return functions.map((each) => {
    const kinds: [boolean, HandlerKind][] = [
      [each.routes.length > 0 || each.url !== undefined, 'http'],
      [snapshot?.queues.some((queue) => queue.functions.includes(each.name)) === true, 'queue'],
      [each.schedules.length > 0, 'schedule'],
    ];
    return {
      name: each.name,
      file,
      export: each.export,
      runtime: each.runtime,
      timeoutMs: each.timeoutMs,
      kinds: kinds.flatMap(([is, kind]) => (is ? [kind] : [])),
      ...(each.routes.length > 0 ? { gatewayMs: HTTP_API_MS } : {}),
      routes: each.routes.map(({ method, path }) => `${method} ${path}`),
      ...(each.batchSize === undefined ? {} : { batchSize: each.batchSize }),
    };
  });
}
