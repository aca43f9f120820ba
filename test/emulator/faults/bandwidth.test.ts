import { describe, expect, it } from 'vitest';
import { hashOf, lines } from './lines.js';

const subject = lines();
const slow = (name: string, more: object = {}) => ({
  kind: 'bandwidth',
  function: name,
  params: { kilobytesPerSecond: 1, ...more },
});
const whole = { bytes: 20_000, hash: hashOf(20_000), ended: 'end' };

describe.each(['node', 'python'])('bandwidth', (name) => {
  it(`${name}: what would take minutes runs into the handler’s own timeout`, async () => {
    const { emulator, port, call } = subject;
    // waitFor lets Python, whose timeouts count from the last byte, give up too.
    const receive = { port, send: '20000\n', timeout: 250, waitFor: 300 };
    await emulator.faults.add(slow(name));
    const { seen, hits } = await call(name, { receive });
    expect(seen.bytes).toBeLessThan(20_000);
    expect(hits).toEqual([
      {
        fault: expect.stringMatching(/^bandwidth-/),
        kind: 'bandwidth',
        where: `connect 127.0.0.1:${String(port)}`,
        saw: '1 KB/s',
      },
    ]);
    await emulator.faults.clear();
    expect((await call(name, { receive: { port, send: '20000\n' } })).seen).toMatchObject(whole);
  });

  it(`${name}: all bytes arrive, and the handler’s clock tells the time that they took`, async () => {
    const { emulator, port, call } = subject;
    await emulator.faults.add(slow(name, { kilobytesPerSecond: 100 }));
    const { seen, requestId } = await call(name, { receive: { port, send: '20000\n' } });
    expect(seen).toMatchObject(whole);
    const record = emulator.invocations({ function: name }).find((each) => each.requestId === requestId);
    // Not sooner: no machine makes a slow line fast.
    expect(record?.durationMs).toBeGreaterThan(195);
    expect(record?.operations).toEqual([
      expect.objectContaining({ target: `127.0.0.1:${String(port)}`, fault: expect.stringMatching(/^bandwidth/) }),
    ]);
    expect(record?.operations[0]).not.toHaveProperty('via');
  });

  it(`${name}: what it holds comes at once when the fault ends`, async () => {
    const { emulator, port, call } = subject;
    const { id } = await emulator.faults.add(slow(name, { kilobytesPerSecond: 0.1 }));
    const before = subject.accepted;
    const running = call(name, { receive: { port, send: '20000\n' } });
    while (subject.accepted === before) await new Promise(setImmediate);
    await emulator.faults.remove(id);
    expect((await running).seen).toMatchObject(whole);
  });

  it(`${name}: leaves other hosts alone`, async () => {
    const { emulator, port, call } = subject;
    await emulator.faults.add(
      slow(name, { kilobytesPerSecond: 0.1, hosts: ['*.example.com', `127.0.0.1:1${String(port)}`] }),
    );
    const { seen, hits } = await call(name, { receive: { port, send: '20000\n' } });
    expect(seen).toMatchObject(whole);
    expect(hits).toEqual([]);
  });

  it(`${name}: reaches connections that an earlier invocation has left open`, async () => {
    const { emulator, call } = subject;
    const { port } = subject.http;
    await call(name, { pooled: { port } });
    const before = subject.http.connections;
    await call(name, { pooled: { port } });
    expect(subject.http.connections).toBe(before);
    await emulator.faults.add(slow(name, { kilobytesPerSecond: 100, hosts: [`127.0.0.1:${String(port)}`] }));
    const slowed = await call(name, { pooled: { port } });
    expect(slowed.seen).toEqual({ ended: 'end', bytes: 5_000 });
    expect(slowed.hits).toHaveLength(1);
    expect(subject.http.connections).toBe(before + 1);
  });

  it(`${name}: a host that refuses is no hang`, async () => {
    const { emulator, call } = subject;
    await emulator.faults.add(slow(name));
    // Nobody listens on the discard port of a test machine.
    const { seen } = await call(name, { receive: { port: 9, send: '1\n' } });
    expect(['ECONNRESET', 'EPIPE']).toContain(seen.ended);
  });
});

describe('bandwidth', () => {
  it('python: reaches asyncio', async () => {
    const { emulator, port, call } = subject;
    await emulator.faults.add(slow('python', { kilobytesPerSecond: 200 }));
    const { seen, hits } = await call('python', { loop: { port, send: '20000\n' } });
    expect(seen).toMatchObject(whole);
    expect(hits).toHaveLength(1);
  });

  it('node: reaches fetch, by name', async () => {
    const { emulator } = subject;
    const { port } = subject.http;
    await emulator.faults.add(slow('node', { kilobytesPerSecond: 50, hosts: ['localhost'] }));
    const { payload, record } = await emulator.invoke('node', { fetch: `http://localhost:${String(port)}/` });
    expect(payload).toEqual({ ended: 'end', bytes: 5_000 });
    expect(record.faults).toMatchObject([{ where: `connect localhost:${String(port)}` }]);
  });
});
