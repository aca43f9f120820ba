import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../emulator/clock.js';
import type { AfterExpectation, Expectation, ExperimentResult } from '../../../emulator/contract/experiment.js';
import type { Emulator, StartOptions } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { loadExperiments } from '../../../emulator/experiments/load.js';
import { runExperiment } from '../../../emulator/experiments/runner.js';
import type { LoadedExperiment } from '../../../emulator/experiments/types.js';

/** The shipped experiments against real processes: shorter than they ship, and without limits of time. */

const examples = fileURLToPath(new URL('../../../examples/', import.meta.url));

async function shipped(file: string): Promise<LoadedExperiment> {
  const [loaded] = await loadExperiments([file], examples);
  if (!loaded) throw new Error(`no ${file}`);
  const { experiment } = loaded;
  // 202 is what a hardened handler makes of a machine that is busy.
  const hardened = experiment.target.request === 'POST /orders-hardened';
  const untimed = ({ status, errorShare, probes, delivery }: Expectation): Expectation => ({
    status: hardened && status === 201 ? [201, 202] : status,
    errorShare,
    probes,
    delivery: delivery && { ...delivery, within: 30_000 },
  });
  const { stages } = experiment.load;
  const after = ({ recoveredWithin, ...rest }: AfterExpectation): AfterExpectation => ({
    ...untimed(rest),
    ...(recoveredWithin ? { recoveredWithin: { ...recoveredWithin, within: 3_900 } } : {}),
  });
  return {
    ...loaded,
    experiment: {
      ...experiment,
      load: { ...experiment.load, ...(stages ? {} : { rate: 8, for: 1_500 }) },
      steadyState: untimed(experiment.steadyState),
      during: untimed(experiment.during),
      ...(experiment.after ? { after: after(experiment.after) } : {}),
    },
  };
}

async function run(file: string, stop?: AbortController): Promise<{ result: ExperimentResult; started: Emulator[] }> {
  const started: Emulator[] = [];
  const start = async (options: StartOptions): Promise<Emulator> => {
    const emulator = await startEmulator(options);
    started.push(emulator);
    return emulator;
  };
  const loaded = await shipped(file);
  const result = await runExperiment({
    ...loaded,
    start,
    clock: systemClock,
    seed: '7',
    // In the middle: requests are about to be sent, and instances to be started.
    onProgress: () => stop?.abort(),
    ...(stop ? { signal: stop.signal } : {}),
  });
  return { result, started };
}

function failed({ checks, error }: ExperimentResult): string[] {
  const words = checks
    .filter((check) => !check.passed)
    .map((c) => `${c.phase}: ${c.expectation}, measured ${c.measured}`);
  return error ? [...words, error.message] : words;
}

describe('the shipped experiments', { timeout: 60_000 }, () => {
  it('are found, and valid', async () => {
    const loaded = await loadExperiments([], examples);
    expect(loaded.length).toBeGreaterThanOrEqual(3);
    expect(new Set(loaded.map(({ root }) => `${root}/`))).toEqual(new Set([examples]));
  });

  it('counter: a crash costs one call, not the service', async () => {
    const { result } = await run('counter/counter.experiment.yaml');
    expect(failed(result)).toEqual([]);
    expect(result).toMatchObject({ verdict: 'passed', place: { file: `${examples}counter/counter.py`, line: 9 } });
  });

  it('orders-hardened passes', async () => {
    const { result } = await run('orders/orders-hardened.experiment.yaml');
    expect(failed(result)).toEqual([]);
    expect(result.verdict).toBe('passed');
    expect(result.faults.every((fault) => fault.injected > 0)).toBe(true);
  });

  it('orders fails under the same faults, and is well before and after: the point of the demo', async () => {
    const { result } = await run('orders/orders.experiment.yaml');
    expect(result.verdict).toBe('failed');
    expect(failed(result)).toEqual([expect.stringMatching(/^during: status 201 or 202, measured .*500 × /)]);
  });

  it('orders-timeline: stock is slow, then broken, then well; probes see it', async () => {
    const { result } = await run('orders/orders-timeline.experiment.yaml');
    expect(failed(result)).toEqual([]);
    expect(result.verdict).toBe('passed');
    expect(result.periods.map(({ kind }) => kind)).toEqual(['latency', 'status']);
    expect(result.checks.filter(({ type }) => type === 'probe')).toHaveLength(3);
    expect(result.hits.length).toBeGreaterThan(0);
    expect(result.decisions.length).toBeGreaterThan(0);
  });

  it('an interrupted one leaves no emulator behind', async () => {
    const { result, started } = await run('counter/counter.experiment.yaml', new AbortController());
    expect(failed(result)).toEqual(['interrupted before the end']);
    expect(started).toHaveLength(1);
    for (const emulator of started) await expect(emulator.fetch('/')).rejects.toThrow();
  });
});
