import { describe, expect, it } from 'vitest';
import { hashOf, lines } from './lines.js';

const subject = lines();

describe.each(['node', 'python'])('slicer', (name) => {
  const add = (params: Record<string, unknown>) =>
    subject.emulator.faults.add({ kind: 'slicer', function: name, params });

  it(`${name}: what comes in one piece comes in many, whole and in order`, async () => {
    const { port, call } = subject;
    await add({ averageSize: 200, sizeVariation: 100, delayMs: 20 });
    const { seen, hits } = await call(name, { receive: { port, send: '1500\n' } });
    expect(seen).toMatchObject({ bytes: 1_500, hash: hashOf(1_500), ended: 'end' });
    expect(seen.pieces.length).toBeGreaterThan(2);
    expect(hits).toMatchObject([{ kind: 'slicer', saw: 'pieces of 200 ± 100 bytes every 20 ms' }]);
  });

  it(`${name}: cuts what the handler sends, when told to`, async () => {
    const { port, call } = subject;
    await add({ averageSize: 1, sizeVariation: 0, delayMs: 1, direction: 'up' });
    const { seen } = await call(name, { receive: { port, send: '0000000042\n' } });
    expect(seen).toMatchObject({ bytes: 42, hash: hashOf(42), ended: 'end' });
    expect(subject.received()).toContain('0000000042\n');
  });

  it(`${name}: acts together with other faults of the line`, async () => {
    const { emulator, port, call } = subject;
    await add({ averageSize: 500, sizeVariation: 0, delayMs: 5 });
    await emulator.faults.add({ kind: 'cut', function: name, params: { bytes: 1_200 } });
    const { seen, hits } = await call(name, { receive: { port, send: '5000\n' } });
    expect(seen).toMatchObject({ bytes: 1_200, hash: hashOf(1_200), ended: 'end' });
    expect(hits.map(({ kind }) => kind)).toEqual(['slicer', 'cut']);
  });
});
