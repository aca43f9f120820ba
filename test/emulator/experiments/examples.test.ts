import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../emulator/clock.js';
import type { Expectation, ExperimentResult } from '../../../emulator/contract/experiment.js';
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
  const untimed = ({ status, errorShare }: Expectation): Expectation => ({ status, errorShare });
  return {
    ...loaded,
    experiment: {
      ...experiment,
      load: { rate: 8, for: 1_500, warmUp: 1_000 },
      steadyState: untimed(experiment.steadyState),
      during: untimed(experiment.during),
      ...(experiment.after ? { after: untimed(experiment.after) } : {}),
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

  it('an interrupted one leaves no emulator behind', async () => {
    const { result, started } = await run('counter/counter.experiment.yaml', new AbortController());
    expect(failed(result)).toEqual(['interrupted before the end']);
    expect(started).toHaveLength(1);
    for (const emulator of started) await expect(emulator.fetch('/')).rejects.toThrow();
  });
});
