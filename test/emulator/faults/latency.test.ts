import { describe, expect, it } from 'vitest';
import { lines } from './lines.js';

const subject = lines();

describe.each(['node', 'python'])('latency', (name) => {
  it(`${name}: the handler has less of its timeout left, or is late to a caller, by what was drawn`, async () => {
    const { emulator } = subject;
    await emulator.faults.add({
      kind: 'latency',
      function: name,
      params: { distribution: 'percentiles', table: { 0: 150, 100: 250 } },
    });
    const { payload, record } = await emulator.invoke(name, { remaining: true });
    expect(payload).toBeGreaterThan(0);
    // Less than the 20 s that it has, by at least the least of the table: no machine makes time go back.
    expect(payload).toBeLessThanOrEqual(20_000 - 149);
    expect(record.faults).toMatchObject([
      { kind: 'latency', where: 'before the handler', saw: expect.stringMatching(/^\+(1[5-9]\d|2[0-4]\d|250) ms$/) },
    ]);
  });

  it(`${name}: past the timeout the caller sees a timeout`, async () => {
    const { emulator } = subject;
    await emulator.faults.add({
      kind: 'latency',
      function: `${name}-hasty`,
      params: { ms: 60_000, distribution: 'lognormal', sigma: 0.1 },
    });
    const { ok, record } = await emulator.invoke(`${name}-hasty`, {});
    expect(ok).toBe(false);
    expect(record.error).toMatchObject({ kind: 'timeout', type: 'Sandbox.Timedout' });
  });
});
