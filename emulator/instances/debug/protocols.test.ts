import { describe, expect, it } from 'vitest';
import { ClientMessages, Search, watchers, type Watcher } from './protocols.js';

/** A frame as a client sends it: masked. */
function masked(text: string, mask = [1, 2, 3, 4]): Buffer {
  const payload = Buffer.from(text);
  const length = payload.length;
  const size = length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 255] : [127, 0, 0, 0, 0];
  if (length >= 65_536) size.push(length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255);
  size[0] = (size[0] as number) | 0x80;
  for (let i = 0; i < length; i++) payload[i] = (payload[i] as number) ^ (mask[i & 3] as number);
  return Buffer.concat([Buffer.from([0x81, ...size, ...mask]), payload]);
}

const inPieces = (data: Buffer, size: number): readonly Buffer[] =>
  Array.from({ length: Math.ceil(data.length / size) }, (_, at) => data.subarray(at * size, (at + 1) * size));

describe('Search', () => {
  it('finds a text once, however it is torn', () => {
    for (const size of [1, 3, 100]) {
      let found = 0;
      const search = new Search('needle', () => found++);
      for (const piece of inPieces(Buffer.from('hay needl hay needle needle'), size)) search.push(piece);
      expect(found).toBe(1);
    }
  });
});

describe('ClientMessages', () => {
  it.each([10, 200, 70_000])('reads masked messages after one of %i bytes, in pieces of any size', (length) => {
    const stream = Buffer.concat([masked('x'.repeat(length)), masked(''), masked('{"method":"go"}', [9, 8, 7, 6])]);
    for (const size of length > 1_000 ? [999, 1_000_000] : [1, 5, 14, 1_000]) {
      const told: string[] = [];
      const messages = new ClientMessages((text) => told.push(text));
      for (const piece of inPieces(stream, size)) messages.push(piece);
      expect(told).toEqual([...(length < 65_536 ? ['x'.repeat(length)] : []), '{"method":"go"}']);
    }
  });
});

describe('a watcher', () => {
  const watch = (protocol: keyof typeof watchers): { told: string[]; watcher: Watcher } => {
    const told: string[] = [];
    const watcher = watchers[protocol]({ attached: () => told.push('attached'), ready: () => told.push('ready') });
    return { told, watcher };
  };

  it('of the inspector takes an upgrade for a debugger, and no question', () => {
    const { told, watcher } = watch('inspector');
    watcher.fromClient(Buffer.from('GET /json/list HTTP/1.1\r\n\r\n'));
    watcher.fromRuntime(Buffer.from('HTTP/1.1 200 OK\r\n\r\n[]'));
    expect(told).toEqual([]);
    watcher.fromRuntime(Buffer.from('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
    watcher.fromClient(masked('{"id":1,"method":"Debugger.enable"}'));
    expect(told).toEqual(['attached']);
    watcher.fromClient(masked('{"id":2,"method":"Runtime.runIfWaitingForDebugger"}'));
    watcher.fromRuntime(Buffer.from('..{"id":1,"result":{}}'));
    expect(told).toEqual(['attached']);
    watcher.fromRuntime(Buffer.from('..{"id":2,"result":{}}'));
    expect(told).toEqual(['attached', 'ready']);
  });

  it('of debugpy takes the first message for a debugger', () => {
    const { told, watcher } = watch('debugpy');
    watcher.fromRuntime(Buffer.from('Content-Length: 2\r\n\r\n{}'));
    expect(told).toEqual([]);
    watcher.fromClient(Buffer.from('{"command":"initialize"}{"command":"configurationDone"}'));
    expect(told).toEqual(['attached']);
    watcher.fromRuntime(Buffer.from('{"type": "response", "command": "configuration'));
    watcher.fromRuntime(Buffer.from('Done"}'));
    expect(told).toEqual(['attached', 'ready']);
  });
});
