import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { PacedResponse } from './paced-response.js';

/** A response whose client reads when the test says so. */
function slowClient() {
  const fake = Object.assign(new EventEmitter(), {
    headersSent: false,
    destroyed: false,
    writableEnded: false,
    writableNeedDrain: false,
    written: [] as string[],
    writeHead: (status: number, headers: string[]) => fake.written.push(`${String(status)} ${headers.join(' ')}`),
    flushHeaders: () => (fake.headersSent = true),
    write(chunk: Buffer) {
      fake.written.push(chunk.toString());
      fake.writableNeedDrain = true;
      return false;
    },
    end: () => (fake.writableEnded = true),
    socket: { end: () => fake.written.push('cut') },
  });
  return { fake, paced: new PacedResponse(fake as unknown as ServerResponse) };
}

describe('a response at its client’s pace', () => {
  it('tells when to wait, and calls back once there is room', () => {
    const { fake, paced } = slowClient();
    const calls: string[] = [];
    expect([paced.write(Buffer.from('a')), paced.write(Buffer.alloc(0))]).toEqual([false, true]);
    paced.onDrain(() => calls.push('first'));
    expect(calls).toEqual([]);
    fake.writableNeedDrain = false;
    fake.emit('drain');
    fake.emit('drain');
    expect(calls).toEqual(['first']);
    // Nobody will tell again: there is room already.
    paced.onDrain(() => calls.push('second'));
    expect(calls).toEqual(['first', 'second']);
  });

  it('lets nobody wait for a client that has hung up', () => {
    const { fake, paced } = slowClient();
    const calls: string[] = [];
    paced.write(Buffer.from('a'));
    paced.onDrain(() => calls.push('waiting'));
    fake.destroyed = true;
    fake.emit('close');
    paced.onDrain(() => calls.push('later'));
    expect(calls).toEqual(['waiting', 'later']);
    expect(paced.write(Buffer.from('b'))).toBe(true);
    paced.end();
    paced.cut();
    expect([fake.written, fake.writableEnded]).toEqual([['a'], false]);
  });

  it('has one head', () => {
    const { fake, paced } = slowClient();
    paced.head(201, ['a', 'b'], true);
    paced.head(200, [], false);
    expect(fake.written).toEqual(['201 a b connection close']);
  });

  it('is cut only while it is not complete', () => {
    const { fake, paced } = slowClient();
    paced.cut();
    paced.end();
    paced.cut();
    expect(fake.written).toEqual(['cut']);
  });
});
