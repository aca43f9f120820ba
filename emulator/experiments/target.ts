import { FaultlineError } from '../contract/errors.js';
import type { Experiment } from '../contract/experiment.js';
import type { Emulator } from '../contract/library.js';
import type { FunctionSnapshot } from '../contract/snapshot.js';
import type { Answer, Probe } from './types.js';

/** How the target of an experiment is called, and which function that reaches first. */

type Target = Experiment['target'];

/**
 * @throws FaultlineError EXPERIMENT_INVALID when it invokes a function that is not configured, or a header is none
 */
export function createProbe(emulator: Emulator, target: Target, file: string): Probe {
  if (target.invoke === undefined) return httpProbe(emulator, target, file);
  const name = target.invoke;
  const names = emulator.snapshot().functions.map((fn) => fn.name);
  if (!names.includes(name)) {
    throw new FaultlineError('EXPERIMENT_INVALID', `target.invoke: there is no function "${name}"`, {
      hint: `Functions: ${names.join(', ')}.`,
      place: { file, key: 'target.invoke' },
    });
  }
  return async () => {
    try {
      const { ok, payload } = await emulator.invoke(name, target.event ?? {});
      return { status: ok ? statusOf(payload) : 'function error' };
    } catch {
      return { status: 'no answer' };
    }
  };
}

/** The `statusCode` of an HTTP-like result; a result without one is 200, as behind an HTTP API. */
function statusOf(payload: unknown): number {
  const code = Number((payload as { statusCode?: unknown } | null | undefined)?.statusCode ?? 200);
  return Number.isInteger(code) ? code : 200;
}

function httpHeaders(target: Target, file: string): Headers {
  try {
    return new Headers(target.headers);
  } catch (error) {
    throw new FaultlineError('EXPERIMENT_INVALID', `target.headers: ${(error as Error).message}`, {
      hint: 'Write name: value, with a name as HTTP allows it.',
      place: { file, key: 'target.headers' },
    });
  }
}

function httpProbe(emulator: Emulator, target: Target, file: string): Probe {
  const [method = 'GET', path = '/'] = splitRequest(target.request ?? '');
  const headers = httpHeaders(target, file);
  const body = target.body === undefined ? undefined : JSON.stringify(target.body);
  if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
  return async (signal): Promise<Answer> => {
    try {
      const reply = await emulator.fetch(path, {
        method,
        headers,
        signal,
        redirect: 'manual',
        ...(body === undefined ? {} : { body }),
      });
      // Latency is until the last byte; a body that breaks off is no answer.
      await reply.arrayBuffer();
      return { status: reply.status };
    } catch {
      return { status: 'no answer' };
    }
  };
}

function splitRequest(request: string): readonly string[] {
  const space = request.indexOf(' ');
  return [request.slice(0, space), request.slice(space + 1)];
}

/** The function that the target reaches first: by name, or by its route. */
export function targetFunction(functions: readonly FunctionSnapshot[], target: Target): FunctionSnapshot | undefined {
  if (target.invoke !== undefined) return functions.find((fn) => fn.name === target.invoke);
  const [method = '', path = ''] = splitRequest(target.request ?? '');
  const segments = (path.split('?')[0] ?? '').split('/');
  const reaches = (route: FunctionSnapshot['routes'][number]): boolean =>
    (route.method === 'ANY' || route.method === method) && matches(route.path.split('/'), segments);
  const literal = functions.find((fn) => fn.routes.some((route) => route.path === path && reaches(route)));
  return literal ?? functions.find((fn) => fn.routes.some(reaches));
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.at(-1)?.endsWith('+}')) return matches(pattern.slice(0, -1), segments.slice(0, pattern.length - 1));
  return pattern.length === segments.length && pattern.every((part, i) => part.startsWith('{') || part === segments[i]);
}
