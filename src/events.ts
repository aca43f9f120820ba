import type { FunctionSnapshot } from '../emulator/contract/snapshot.js';

/** Which event an invocation from the editor gets. Events are kept as the text that was typed or read. */

/** So many are remembered for each function. */
export const REMEMBERED = 5;

export function remember(history: readonly string[], event: string): string[] {
  return [event, ...history.filter((one) => one !== event)].slice(0, REMEMBERED);
}

function withoutBlanks(event: string): string {
  try {
    return JSON.stringify(JSON.parse(event));
  } catch {
    return event.replace(/\s+/g, ' ');
  }
}

/** One line of an event for a list: its JSON without blanks, cut. */
export function preview(event: string, length = 80): string {
  const text = withoutBlanks(event);
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * Event files in the order of how likely they are meant: named after the function or its handler first, then those in
 * the handler's folder.
 * @param files paths with forward slashes
 */
export function rankEventFiles(files: readonly string[], functionName: string, handlerFile: string): string[] {
  const folder = handlerFile.slice(0, handlerFile.lastIndexOf('/') + 1);
  const handlerName = nameOf(handlerFile).replace(/\.\w+$/, '');
  const score = (file: string): number => {
    const name = nameOf(file);
    const named = name.startsWith(`${functionName}.`) ? 4 : name.startsWith(`${handlerName}.`) ? 2 : 0;
    return named + (file.startsWith(folder) ? 1 : 0);
  };
  return [...files].sort((a, b) => score(b) - score(a) || a.localeCompare(b));
}

/** Whether there is a file that might well be meant, so that asking beats sending an empty event. */
export function inFolderOf(file: string, handlerFile: string): boolean {
  return file.startsWith(handlerFile.slice(0, handlerFile.lastIndexOf('/') + 1));
}

/** Whether a file is so clearly this function's that Invoke may take it without asking. */
export function belongsTo(file: string, functionName: string, handlerFile: string): boolean {
  const names = [functionName, nameOf(handlerFile).replace(/\.\w+$/, '')];
  return names.some((name) => nameOf(file) === `${name}.event.json`);
}

/** An HTTP API (payload 2.0) event for a route, as the gateway makes it; the values in braces are to be filled in. */
export function httpEvent(route: FunctionSnapshot['routes'][number]): string {
  const method = route.method === 'ANY' ? 'GET' : route.method;
  const parameters = Object.fromEntries(
    [...route.path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name = '']) => [name, name]),
  );
  const rawPath = route.path.replace(/\{([^}+]+)\+?\}/g, '$1');
  const event = {
    version: '2.0',
    routeKey: `${route.method} ${route.path}`,
    rawPath,
    rawQueryString: '',
    headers: { 'content-type': 'application/json' },
    ...(Object.keys(parameters).length > 0 ? { pathParameters: parameters } : {}),
    requestContext: { http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' } },
    ...(method === 'GET' || method === 'HEAD' ? {} : { body: '{}' }),
    isBase64Encoded: false,
  };
  return JSON.stringify(event, null, 2);
}
