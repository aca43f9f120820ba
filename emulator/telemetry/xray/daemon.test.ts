import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import type { TraceDocument } from '../types.js';
import { createXrayDaemon, type XrayDaemon } from './daemon.js';

let daemon: XrayDaemon | undefined;
afterEach(() => daemon?.stop());

const segment = (n: number): string =>
  `{"format":"json","version":1}\n${JSON.stringify({ name: `s${String(n)}`, id: String(n).padStart(16, '0'), start_time: 1, trace_id: '1-581cf771-a006649127e371903a2de979' })}`;

/** Sends and resolves when the segment named `last` has come: datagrams to one's own machine stay in order. */
async function sent(messages: readonly string[], last: string) {
  const log: string[] = [];
  const names: string[] = [];
  let arrived: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (arrived = resolve));
  const onSegment = ({ segments }: TraceDocument): void => {
    names.push(...segments.map(({ name }) => name));
    if (names.includes(last)) arrived();
  };
  daemon = createXrayDaemon({ onSegment, log: (message) => log.push(message) });
  const address = await daemon.start();
  const port = Number(/^127\.0\.0\.1:(\d+)$/.exec(address)?.[1]);
  const client = createSocket('udp4');
  for (const message of messages)
    await new Promise<void>((resolve) => client.send(message, port, '127.0.0.1', () => resolve()));
  await done;
  client.close();
  return { names, log, dropped: daemon.dropped };
}

describe('the X-Ray daemon', () => {
  it('takes segments on a port of its own, drops and counts the rest, and says so once', async () => {
    const { names, log, dropped } = await sent([segment(1), 'nonsense', '', `{}\n{}`, segment(2)], 's2');
    expect(names).toEqual(['s1', 's2']);
    expect(dropped).toBe(3);
    expect(log).toEqual([expect.stringContaining('no line break')]);
  });

  it('loses nothing of a burst', async () => {
    const burst = Array.from({ length: 300 }, (_, n) => segment(n));
    expect((await sent(burst, 's299')).names).toHaveLength(300);
  });

  it('can be stopped before it starts, twice, and started again', async () => {
    const once = createXrayDaemon({ onSegment: () => undefined, log: () => undefined });
    await once.stop();
    const first = await once.start();
    await once.stop();
    await once.stop();
    expect(await once.start()).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(first).toMatch(/^127\.0\.0\.1:\d+$/);
    await once.stop();
  });
});
