import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { until } from '../../test/support/workspace.js';
import type { Sending } from '../instances/types.js';
import { sendSpoilt } from './spoilt-reply.js';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** A server that answers `0123456789` as told, and what one client reads of it. */
async function answered(sending: Sending, method = 'GET') {
  const clock = new VirtualClock();
  const server = http.createServer((_request, response) => {
    const reply = { status: 200, headers: ['content-type', 'text/plain'], body: '0123456789' };
    sendSpoilt(clock, response, reply, sending, false, 'x-more', '1');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  let ended = false;
  socket.on('data', (chunk) => (text += chunk.toString()));
  socket.on('end', () => (ended = true));
  socket.write(`${method} / HTTP/1.1\r\nhost: x\r\n\r\n`);
  open.push({
    close() {
      socket.destroy();
      server.close();
    },
  });
  await until('the headers', () => text.includes('\r\n\r\n'));
  const parts = () => text.split('\r\n\r\n') as [string, string];
  return { clock, socket, head: () => parts()[0], body: () => parts()[1], ended: () => ended };
}

describe('a spoilt reply', () => {
  it('that is cut tells the whole length, and ends in the middle', async () => {
    const { head, body, ended } = await answered({ cut: true, spoil: (bytes) => bytes.subarray(0, 4) });
    await until('the end', ended);
    expect(head()).toMatch(/^HTTP\/1.1 200 OK\r\ncontent-type: text\/plain\r\nx-more: 1\r\ncontent-length: 10\r\n/);
    expect(body()).toBe('0123');
  });

  it('that is changed, or short, is whole for its client, which can ask again', async () => {
    const { socket, head, body, ended } = await answered({ spoil: () => Buffer.from('01x') });
    await until('the body', () => body().length === 3);
    expect(head()).toContain('content-length: 3');
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await until('another answer', () => body().includes('HTTP/1.1 200'));
    expect(ended()).toBe(false);
  });

  it('that is late has its headers at once', async () => {
    const { clock, head, body } = await answered({ delayMs: 500 });
    expect(head()).toContain('content-length: 10');
    await clock.advance(499);
    expect(body()).toBe('');
    await clock.advance(1);
    await until('the body', () => body() === '0123456789');
    expect(clock.pending).toBe(0);
  });

  it('that comes at a rate comes piece by piece, and at once when the fault ends', async () => {
    const ended = new AbortController();
    const { clock, body } = await answered({ bytesPerSecond: 20, ended: ended.signal });
    await until('the first piece', () => body() === '01');
    await clock.advance(100);
    await until('the second', () => body() === '0123');
    ended.abort();
    await until('the rest', () => body() === '0123456789');
    expect(clock.pending).toBe(0);
  });

  it('leaves no timer when its client hangs up', async () => {
    const { clock, socket } = await answered({ delayMs: 60_000 });
    expect(clock.pending).toBe(1);
    socket.destroy();
    await until('it has noticed', () => clock.pending === 0);
  });

  it('has no body for HEAD, and nothing is cut there', async () => {
    const { head, body, ended } = await answered({ cut: true, spoil: () => Buffer.alloc(0) }, 'HEAD');
    expect(head()).toContain('200 OK');
    expect(body()).toBe('');
    expect(ended()).toBe(false);
  });
});
