import { describe, expect, it } from 'vitest';
import { until } from '../../support/workspace.js';
import { hashOf, lines } from './lines.js';

const subject = lines();

describe.each(['node', 'python'])('cut', (name) => {
  const add = (params: Record<string, unknown>) => subject.emulator.faults.add({ kind: 'cut', function: name, params });

  it(`${name}: so many bytes arrive, then the end`, async () => {
    const { port, call } = subject;
    await add({ bytes: 700 });
    const { seen, hits } = await call(name, { receive: { port, send: '5000\n' } });
    expect(seen).toMatchObject({ bytes: 700, hash: hashOf(700), ended: 'end' });
    const where = `connect 127.0.0.1:${String(port)}`;
    expect(hits).toMatchObject([{ kind: 'cut', where, saw: 'closed after 700 bytes' }]);
    await until('the server sees it too', () => subject.open.size === 0);
  });

  it(`${name}: so many bytes arrive, then ECONNRESET`, async () => {
    const { port, call } = subject;
    await add({ bytes: 700, how: 'reset' });
    const { seen, hits } = await call(name, { receive: { port, send: '5000\n' } });
    expect(seen).toMatchObject({ bytes: 700, ended: 'ECONNRESET' });
    expect(hits).toMatchObject([{ saw: 'ECONNRESET after 700 bytes' }]);
  });

  it(`${name}: what is shorter is no hit`, async () => {
    const { port, call } = subject;
    await add({ bytes: 700 });
    const { seen, hits } = await call(name, { receive: { port, send: '699\n' } });
    expect(seen).toMatchObject({ bytes: 699, ended: 'end' });
    expect(hits).toEqual([]);
  });

  it(`${name}: the end comes late, so that the handler’s timeout comes first`, async () => {
    const { port, call } = subject;
    await add({ how: 'late', delayMs: 600_000 });
    const { seen, hits } = await call(name, { receive: { port, send: '50\n', timeout: 300 } });
    expect(seen).toMatchObject({ bytes: 50, ended: 'timeout' });
    expect(hits).toMatchObject([{ saw: 'end 600000 ms late' }]);
  });

  it(`${name}: a body that ends before its length is an error of the client`, async () => {
    await add({ bytes: 2_000, hosts: [`127.0.0.1:${String(subject.http.port)}`] });
    const { seen } = await subject.call(name, { pooled: { port: subject.http.port } });
    expect(seen.ended).toBe(name === 'node' ? 'ECONNRESET' : 'IncompleteRead');
    expect(seen.bytes).toBeLessThan(2_000);
  });
});
