import { describe, expect, it } from 'vitest';
import { lines } from './lines.js';

const subject = lines();
/** What the handlers answer over HTTP, and to a caller. */
const TEXT = 'the quick brown fox jumps over the lazy dog';

describe.each(['node', 'python'])('body', (name) => {
  const add = (params: Record<string, unknown>) =>
    subject.emulator.faults.add({ kind: 'body', function: name, params });
  const get = () => subject.emulator.fetch(`/${name}`);
  const hits = () => subject.emulator.invocations({ function: name, limit: 1 })[0]?.faults;

  it(`${name}: corrupted, over HTTP with status and headers as they were`, async () => {
    const { emulator } = subject;
    expect(await (await get()).text()).toBe(TEXT);
    await add({ flips: 2 });
    const reply = await get();
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-length')).toBe(String(TEXT.length));
    const bytes = Buffer.from(await reply.arrayBuffer());
    expect([...bytes].filter((byte, i) => byte !== TEXT.charCodeAt(i))).toHaveLength(2);
    expect(hits()).toMatchObject([{ kind: 'body', saw: 'with 2 bytes changed' }]);
    const { ok, payload } = await emulator.invoke(name, { some: 'thing' });
    expect(ok).toBe(true);
    expect(payload).not.toEqual({ some: 'thing' });
  });

  it(`${name}: truncated, so that the client finds the connection ended`, async () => {
    await add({ mode: 'truncated', keep: 25 });
    const reply = await get();
    expect(reply.status).toBe(200);
    await expect(reply.text()).rejects.toThrow('terminated');
    const { payload } = await subject.emulator.invoke(name, { some: 'thing' });
    expect(payload).toMatch(/^\{"s/);
  });

  it(`${name}: truncated with a length that fits, and empty`, async () => {
    const { id } = await add({ mode: 'truncated', how: 'short', keep: 21 });
    expect(await (await get()).text()).toBe('the quick');
    await subject.emulator.faults.remove(id);
    await add({ mode: 'empty' });
    const reply = await get();
    expect([reply.status, await reply.text()]).toEqual([200, '']);
    expect((await subject.emulator.invoke(name, {})).payload).toBe('');
  });

  it(`${name}: delayed, so that the client has headers and no body, until the fault ends`, async () => {
    const { id } = await add({ mode: 'delayed', delayMs: 600_000 });
    const reply = await get();
    expect(reply.status).toBe(200);
    let arrived = false;
    const text = reply.text().finally(() => (arrived = true));
    // The handler of another invocation runs meanwhile, and is not held up.
    await subject.emulator.fetch(`/${name}`);
    expect(arrived).toBe(false);
    await subject.emulator.faults.remove(id);
    expect(await text).toBe(TEXT);
  });

  it(`${name}: a function URL too`, async () => {
    await add({ mode: 'truncated', how: 'short', keep: 0 });
    const url = subject.emulator.snapshot().functions.find((fn) => fn.name === name)?.url;
    expect(url).toBeDefined();
    expect(await (await fetch(String(url))).text()).toBe('');
  });
});
