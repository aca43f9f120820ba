import { describe, expect, it } from 'vitest';
import { FakeEmulator, drive, type Behaviour } from '../../test/emulator/experiments/fake-emulator.js';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { experimentSchema, type ExperimentInput, type ExperimentResult } from '../contract/experiment.js';
import { FaultlineError } from '../contract/errors.js';
import { runExperiment, type RunOptions } from './runner.js';
import type { Progress } from './types.js';

const base: ExperimentInput = {
  title: 'It holds',
  target: { request: 'POST /api', body: {} },
  load: { rate: 10, for: '2s' },
  steadyState: { status: 200, p95: { max: 100 } },
  faults: [{ kind: 'latency' }],
  during: { status: 200, p95: { max: 500 } },
  after: { status: 200 },
};

async function run(
  input: Partial<ExperimentInput>,
  behaviour: Behaviour,
  more: Partial<RunOptions> = {},
): Promise<{ result: ExperimentResult; fake: FakeEmulator; progress: Progress[]; clock: VirtualClock }> {
  const clock = new VirtualClock();
  const fake = new FakeEmulator(clock, behaviour);
  const progress: Progress[] = [];
  const result = await drive(
    clock,
    runExperiment({
      experiment: experimentSchema.parse({ ...base, ...input }),
      file: '/w/a.experiment.yaml',
      root: '/w',
      start: fake.start,
      clock,
      seed: 's',
      onProgress: (event) => progress.push(event),
      ...more,
    }),
  );
  return { result, fake, progress, clock };
}

const slowed =
  (ms: number): Behaviour =>
  ({ faultOn }) => ({ ms: faultOn ? ms : 20 });

describe('an experiment of which only the faults are wanted', () => {
  it('sends nothing while they are off', async () => {
    const { result } = await run({}, slowed(400), { faultsOnly: true });
    expect(result.phases.map(({ phase, requests }) => [phase, requests])).toEqual([['during', 20]]);
    expect(result.verdict).toBe('passed');
  });
});

describe('an experiment', () => {
  it('passes when every phase holds: figures and checks of each, with what was measured', async () => {
    const { result, fake, clock } = await run({}, slowed(400));
    expect(result).toMatchObject({ title: 'It holds', seed: 's', verdict: 'passed', file: '/w/a.experiment.yaml' });
    expect(result.phases.map(({ phase, requests, p95 }) => [phase, requests, Math.round(p95)])).toEqual([
      ['steadyState', 20, 20],
      ['during', 20, 400],
      ['after', 20, 20],
    ]);
    expect(result.checks.map((check) => `${check.phase} ${check.expectation}: ${check.measured}`)).toEqual([
      'steadyState status 200: 200 × 20',
      'steadyState p95 ≤ 100 ms: 20 ms',
      'during status 200: 200 × 20',
      'during p95 ≤ 500 ms: 400 ms',
      'after status 200: 200 × 20',
    ]);
    expect(result.faults).toEqual([
      { id: 'latency-1', kind: 'latency', summary: 'summary of latency-1', matched: 20, injected: 20 },
    ]);
    expect(result.place).toEqual({ file: 'handlers/api.mjs', line: 1 });
    expect(fake.started).toEqual({
      ...{ root: '/w', seed: 's', port: 0, controlPort: 0, watch: false, stateFile: false },
      store: 'memory',
    });
    expect(fake.stopped).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('fails when an expectation does not hold under the fault', async () => {
    const { result } = await run({}, slowed(812));
    expect(result.verdict).toBe('failed');
    expect(result.checks.filter((check) => !check.passed)).toEqual([
      { phase: 'during', expectation: 'p95 ≤ 500 ms', measured: '812 ms', passed: false },
    ]);
  });

  it('fails when it does not recover', async () => {
    let hit = false;
    const { result } = await run({}, ({ faultOn }) => ({ status: (hit ||= faultOn) && !faultOn ? 502 : 200 }));
    expect(result.checks.filter((check) => !check.passed).map((check) => check.phase)).toEqual(['after']);
  });

  it('breaks nothing that was not well to begin with', async () => {
    const { result, fake } = await run({}, () => ({ status: 404 }));
    expect(result.verdict).toBe('failed');
    expect(result.phases.map(({ phase }) => phase)).toEqual(['steadyState']);
    expect(fake.calls.some((call) => call.faultOn)).toBe(false);
  });

  it('is vacuous when everything passed but a fault never fired', async () => {
    const late = { kind: 'status', at: '1990ms' };
    const { result } = await run({ faults: [{ kind: 'latency' }, late] }, slowed(5));
    expect(result.verdict).toBe('vacuous');
    expect(result.faults.map(({ id, injected }) => [id, injected])).toEqual([
      ['latency-1', 20],
      ['status-2', 0],
    ]);
  });

  it('is not vacuous for a fault that the file has switched off, unless all are', async () => {
    const off = { kind: 'status', enabled: false };
    const one = await run({ faults: [{ kind: 'latency' }, off] }, slowed(50));
    expect(one.result.verdict).toBe('passed');
    expect(one.result.faults[1]).toMatchObject({ off: true, injected: 0 });
    expect((await run({ faults: [off] }, slowed(50))).result.verdict).toBe('vacuous');
  });

  it('is vacuous when a fault only counted what it would have hit', async () => {
    const { result } = await run({ faults: [{ kind: 'latency', dryRun: true }] }, slowed(50));
    expect(result.verdict).toBe('vacuous');
  });

  it('warms up first, so that cold starts do not decide the steady state', async () => {
    const { result, progress } = await run({}, ({ call }) => ({ ms: call <= 6 ? 900 : 20 }));
    expect(progress[0]).toEqual({ type: 'warm-up', requests: 11, durationMs: 1_000 });
    expect(result.verdict).toBe('passed');
  });

  it('starts no phase, and switches no fault, while requests of the phase before are on their way', async () => {
    const { fake } = await run({}, slowed(450));
    expect(fake.events).toEqual(['latency-1 on with 0 in flight', 'latency-1 off with 0 in flight', 'clear']);
  });

  it('ends a fault after its own `for`, and still knows how often it fired', async () => {
    const { result, fake } = await run({ faults: [{ kind: 'latency', for: '1s' }] }, slowed(10));
    expect(result.faults[0]?.injected).toBe(10);
    expect(fake.calls.filter((call) => call.faultOn)).toHaveLength(10);
    expect(result.verdict).toBe('passed');
  });

  it('invokes a function by name; an error of it is a failure', async () => {
    const target = { invoke: 'api', event: { a: 1 } };
    const during = { errorShare: { min: 1 } };
    const { result } = await run({ target, during }, ({ faultOn }) => ({ status: faultOn ? 500 : 200 }));
    expect(result.verdict).toBe('passed');
    expect(result.phases[1]?.statuses).toEqual({ 'function error': 20 });
  });

  it('is not hung by a function that hangs', async () => {
    const { result, fake } = await run({ load: { rate: 1, for: '1s' } }, ({ faultOn }) => ({ hangs: faultOn }));
    expect(result.phases[1]).toMatchObject({ statuses: { 'no answer': 1 }, failed: 1 });
    // The function's timeout of 3 s and 10 s more.
    expect(Math.round(result.phases[1]?.p50 ?? 0)).toBe(13_000);
    expect(fake.stopped).toBe(1);
  });
});

describe('an experiment without a verdict', () => {
  it('tells a wrong fault before it sends anything, with its place', async () => {
    const places = [{ file: '/w/a.experiment.yaml', line: 9 }];
    const { result, fake } = await run({ faults: [{ kind: 'latancy' }] }, slowed(1), { faultPlaces: places });
    expect(result.verdict).toBe('error');
    expect(result.error).toMatchObject({
      code: 'FAULT_INVALID',
      place: { file: '/w/a.experiment.yaml', line: 9, key: 'faults[0].kind' },
    });
    expect(fake.calls).toHaveLength(0);
    expect(fake.stopped).toBe(1);
  });

  it.each([
    [{ target: { invoke: 'ap' } }, /there is no function "ap"/],
    [{ target: { request: 'GET /', headers: { 'a b': 'c' } } }, /target\.headers: /],
    [{ faults: [{ kind: 'latency', for: '0s' }] }, /more than 0/],
    [{ faults: [{ kind: 'latency', for: '48h' }] }, /at most 24h/],
  ])('%j', async (input, message) => {
    const { result, fake } = await run(input, slowed(1));
    expect(result.error?.message).toMatch(message);
    expect(fake.stopped).toBe(1);
  });

  it('tells why the emulator did not start', async () => {
    const start = async (): Promise<never> => {
      throw new FaultlineError('CONFIG_INVALID', 'faultline.yaml: no functions', { hint: 'add one' });
    };
    const { result } = await run({}, slowed(1), { start });
    expect(result).toMatchObject({ verdict: 'error', error: { code: 'CONFIG_INVALID', hint: 'add one' } });
  });

  it.each([5, 25, 45])('cleans up when it is interrupted at request %i', async (at) => {
    const stop = new AbortController();
    const behaviour: Behaviour = ({ call, faultOn }) => {
      if (call === at) stop.abort();
      return { ms: faultOn ? 300 : 20 };
    };
    const { result, fake, clock } = await run({}, behaviour, { signal: stop.signal });
    expect(result).toMatchObject({ verdict: 'error', error: { message: 'interrupted before the end' } });
    expect(fake.calls.length).toBe(at);
    expect(fake.events.at(-1)).toBe('clear');
    expect(fake.stopped).toBe(1);
    expect(fake.inFlight).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('starts nothing when it is interrupted before', async () => {
    const { result, fake } = await run({}, slowed(1), { signal: AbortSignal.abort() });
    expect(result.verdict).toBe('error');
    expect(fake.started).toBeUndefined();
  });
});
