import { FaultlineError } from '../contract/errors.js';
import type { Experiment } from '../contract/experiment.js';
import type { Emulator } from '../contract/library.js';
import type { FunctionSnapshot } from '../contract/snapshot.js';
import { nearest } from '../contract/nearest.js';
import type { Answer, Send } from './types.js';

/** How the target of an experiment is called, and which function that reaches first. */

type Target = Experiment['target'];

/**
 * @param events taken in turn instead of the target's own event or body
 * @throws FaultlineError EXPERIMENT_INVALID when it is for a function or queue that is not configured, or a header is none
 */
export function createSend(emulator: Emulator, target: Target, file: string, events?: readonly unknown[]): Send {
  const { functions, queues } = emulator.snapshot();
  const given = (own: unknown) => (number: number) => (events ? events[number % events.length] : own);
  if (target.queue !== undefined) {
    known(
      'queue',
      target.queue,
      (queues ?? []).map(({ name }) => name),
      file,
    );
    return queueSend(emulator, target.queue, given(target.body));
  }
  if (target.invoke === undefined) return httpSend(emulator, target, httpHeaders(target, file), given(target.body));
  known(
    'invoke',
    target.invoke,
    functions.map(({ name }) => name),
    file,
  );
  return target.async
    ? asyncSend(emulator, target.invoke, given(target.event))
    : invokeSend(emulator, target.invoke, given(target.event));
}

function known(key: 'invoke' | 'queue', name: string, names: readonly string[], file: string): void {
  if (names.includes(name)) return;
  const what = key === 'invoke' ? 'function' : 'queue';
  const meant = nearest(name, names);
  throw new FaultlineError('EXPERIMENT_INVALID', `target.${key}: there is no ${what} "${name}"`, {
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}${key === 'invoke' ? 'Functions' : 'Queues'}: ${names.join(', ') || 'none'}.`,
    place: { file, key: `target.${key}` },
  });
}

type Given = (number: number) => unknown;

function invokeSend(emulator: Emulator, name: string, event: Given): Send {
  return async (_signal, number) => {
    try {
      const { ok, payload, requestId } = await emulator.invoke(name, event(number) ?? {});
      return { status: ok ? statusOf(payload) : 'function error', id: requestId };
    } catch {
      return { status: 'no answer' };
    }
  };
}

/** The `statusCode` of an HTTP-like result; a result without one is 200, as behind an HTTP API. */
export function statusOf(payload: unknown): number {
  const code = Number((payload as { statusCode?: unknown } | null | undefined)?.statusCode ?? 200);
  return Number.isInteger(code) ? code : 200;
}

/** As SDKs do it: InvocationType Event, accepted with 202. */
function asyncSend(emulator: Emulator, name: string, event: Given): Send {
  const path = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
  const headers = { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' };
  return (signal, number) =>
    answered(async () => {
      const body = JSON.stringify(event(number) ?? {});
      const reply = await emulator.fetch(path, { method: 'POST', headers, body, signal });
      await reply.arrayBuffer();
      return answerOf(reply.status, reply.headers.get('x-amzn-requestid'));
    });
}

/** As SDKs do it: SendMessage, JSON protocol; the queue is the last part of the URL. */
function queueSend(emulator: Emulator, queue: string, body: Given): Send {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' };
  return (signal, number) =>
    answered(async () => {
      const message = body(number) ?? {};
      const MessageBody = typeof message === 'string' ? message : JSON.stringify(message);
      const QueueUrl = `${emulator.url}/000000000000/${queue}`;
      const text = JSON.stringify({ QueueUrl, MessageBody });
      const reply = await emulator.fetch('/', { method: 'POST', headers, body: text, signal });
      const { MessageId } = (await reply.json()) as { readonly MessageId?: string };
      return answerOf(reply.status, MessageId);
    });
}

function answerOf(status: number, id: string | null | undefined): Answer {
  return { status, ...(id ? { id } : {}) };
}

async function answered(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch {
    return { status: 'no answer' };
  }
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

function httpSend(emulator: Emulator, target: Target, headers: Headers, given: Given): Send {
  const [method = 'GET', path = '/'] = splitRequest(target.request ?? '');
  return (signal, number) =>
    answered(async () => {
      const own = given(number);
      const body = own === undefined || method === 'GET' || method === 'HEAD' ? undefined : JSON.stringify(own);
      if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
      const init = { method, headers, signal, redirect: 'manual' as const, ...(body === undefined ? {} : { body }) };
      const reply = await emulator.fetch(path, init);
      // Latency is until the last byte; a body that breaks off is no answer.
      await reply.arrayBuffer();
      return answerOf(reply.status, reply.headers.get('apigw-requestid'));
    });
}

function splitRequest(request: string): readonly string[] {
  const space = request.indexOf(' ');
  return [request.slice(0, space), request.slice(space + 1)];
}

/** The function that the target reaches first: by name, by its route, or by its queue. */
export function targetFunction(
  functions: readonly FunctionSnapshot[],
  target: Pick<Target, 'invoke' | 'request' | 'queue'>,
  queues: readonly { readonly name: string; readonly functions: readonly string[] }[] = [],
): FunctionSnapshot | undefined {
  const { invoke, queue } = target;
  if (invoke !== undefined) return functions.find((fn) => fn.name === invoke);
  if (queue !== undefined) {
    const takes = queues.find(({ name }) => name === queue)?.functions ?? [];
    return functions.find((fn) => takes.includes(fn.name));
  }
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
