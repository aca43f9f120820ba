import { expect, test } from 'vitest';
import { fromMessage, functionOf, queueOf, toMessage, toMeta, type QueuedEvent } from './event.js';
import type { Message, NewMessage } from './store.js';

const AT = Date.UTC(2025, 0, 1);

/** As a store hands it out: meta has been JSON. */
function handedOut(message: NewMessage): Message {
  const meta = JSON.parse(JSON.stringify(message.meta)) as Message['meta'];
  return { id: message.id, body: message.body, meta, sentAt: AT, firstReceivedAt: AT, receives: 1, receipt: 'r1' };
}

const event: QueuedEvent = {
  requestId: 'id-1',
  function: 'counter',
  payload: Buffer.from('{"name":"Zoë"}'),
  source: 'sdk-async',
  clientContext: '{"a":1}',
  traceId: 'Root=1-2-3',
  qualifier: 'live',
  acceptedAt: AT,
  attempts: 0,
  throttles: 0,
};

test('an event comes out as it went in', () => {
  expect(fromMessage('counter', handedOut(toMessage(event, AT)))).toEqual(event);
});

test('what an event is without is left out', () => {
  const { clientContext: _, traceId: __, qualifier: ___, ...bare } = event;
  expect(fromMessage('counter', handedOut(toMessage(bare, AT)))).toEqual(bare);
});

test('text is kept readable, bytes that are no text are kept exactly', () => {
  expect(toMessage(event, AT).body).toBe('{"name":"Zoë"}');
  const payload = Buffer.from([0x22, 0xff, 0xfe, 0x22]);
  expect(fromMessage('counter', handedOut(toMessage({ ...event, payload }, AT))).payload).toEqual(payload);
});

test('progress is kept with it; a large response only until the news of it are sent', () => {
  const small: QueuedEvent = { ...event, attempts: 2, throttles: 1, response: { ok: false, payload: '{"e":1}' } };
  const kept = (given: QueuedEvent): QueuedEvent =>
    fromMessage('counter', handedOut({ ...toMessage(given, AT), meta: toMeta(given) }));
  expect(kept(small)).toEqual(small);
  const response = { ok: false, payload: 'x'.repeat(20_000) };
  expect(kept({ ...event, response })).toEqual(event);
  const ended = { condition: 'Success', at: AT, sent: ['deadLetter'], tries: 1 } as const;
  expect(kept({ ...event, response, ended })).toEqual({ ...event, response, ended });
});

test('a message of another making is an event still', () => {
  const message = handedOut({ id: 'm1', body: '{}', meta: {}, delayMs: 0, retentionMs: 1 });
  expect(fromMessage('counter', message)).toMatchObject({ requestId: 'm1', acceptedAt: AT, attempts: 0, throttles: 0 });
});

test('names of queues', () => {
  expect(functionOf(queueOf('counter'))).toBe('counter');
  expect(functionOf('sqs/counter')).toBeUndefined();
});
