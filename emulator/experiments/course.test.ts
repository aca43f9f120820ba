import { describe, expect, it } from 'vitest';
import { FakeEmulator, drive, type Behaviour, type FakeFacts } from '../../test/emulator/experiments/fake-emulator.js';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { experimentSchema, type ExperimentInput, type ExperimentResult } from '../contract/experiment.js';
import { growthOf } from './memory.js';
import { runExperiment } from './runner.js';
import type { Progress } from './types.js';

const base: ExperimentInput = {
  title: 'It holds',
  target: { request: 'POST /api', body: {} },
  load: { rate: 10, for: '4s', warmUp: 0 },
  steadyState: { status: 200 },
  faults: [{ kind: 'latency' }],
  during: { errorShare: { max: 1 } },
};

async function run(
  input: Partial<ExperimentInput>,
  behaviour: Behaviour = () => ({}),
  facts: FakeFacts = {},
  onProgress: (event: Progress, fake: FakeEmulator) => void = () => undefined,
): Promise<{ result: ExperimentResult; fake: FakeEmulator; clock: VirtualClock }> {
  const clock = new VirtualClock();
  const fake = new FakeEmulator(clock, behaviour, undefined, facts);
  const experiment = experimentSchema.parse({ ...base, ...input });
  const result = await drive(
    clock,
    runExperiment({
      experiment,
      file: '/w/a.experiment.yaml',
      root: '/w',
      start: fake.start,
      clock,
      seed: 's',
      onProgress: (event) => onProgress(event, fake),
    }),
  );
  return { result, fake, clock };
}

/** Reading the handler's file takes real time: times count from the first phase. */
const from = ({ marks }: ExperimentResult): number => marks[0]?.from ?? NaN;

const told = ({ checks, error }: ExperimentResult): string[] =>
  error
    ? [error.message]
    : checks.filter(({ type }) => type).map((c) => `${c.expectation}: ${c.measured} ${c.passed ? '✓' : '✗'}`);

describe('faults on a timeline', () => {
  it('begin at their time and end with their own `for`, or with the phase', async () => {
    const faults = [{ kind: 'latency', at: '1s', for: '1s' }];
    const { result, fake, clock } = await run({ faults });
    expect(result.periods).toEqual([
      { fault: 'latency-1', kind: 'latency', from: from(result) + 4_900, to: from(result) + 5_900 },
    ]);
    expect(result.faults[0]?.injected).toBe(10);
    expect(fake.events).toEqual(['latency-1 on with 0 in flight', 'latency-1 off with 0 in flight', 'clear']);
    expect(clock.pending).toBe(0);
    const open = await run({ faults: [{ kind: 'latency', at: '3s', for: '1m' }] });
    const start = from(open.result);
    expect(open.result.periods[0]).toMatchObject({ from: start + 6_900, to: start + 7_800 });
  });

  it('leave a mark for each phase, a second-by-second series, each decision and each hit', async () => {
    const { result } = await run({ faults: [{ kind: 'latency', at: '3500ms' }], after: { status: 200 } });
    const start = from(result);
    const marks = result.marks.map((mark) => ({ ...mark, from: mark.from - start, to: mark.to - start }));
    expect(marks).toEqual([
      { phase: 'steadyState', from: 0, to: 3_900 },
      { phase: 'during', from: 3_900, to: 7_800 },
      { phase: 'after', from: 7_800, to: 11_700 },
    ]);
    expect(result.series.requests.reduce((sum, n) => sum + n, 0)).toBe(120);
    expect(result.series.at.length).toBeGreaterThanOrEqual(12);
    expect(result.decisions).toHaveLength(5);
    expect(result.decisions[0]).toEqual({
      ...{ fault: 'latency-1', function: 'api', number: 76, attempt: 1 },
      ...{ hit: true, by: 'share' },
    });
    expect(result.hits.map(({ number, at }) => [number, at - start])).toEqual([
      [76, 7_400],
      [77, 7_500],
      [78, 7_600],
      [79, 7_700],
      [80, 7_800],
    ]);
  });
});

describe('a threshold that aborts', () => {
  const during = {
    thresholds: { errors: [{ threshold: 'rate<0.5', abortOnFail: true, delayAbortEval: '1s' }] },
  };

  it('ends the run early, with what failed and what was measured so far, and cleans up', async () => {
    const { result, fake, clock } = await run({ during, after: { status: 200 } }, ({ faultOn }) => ({
      status: faultOn ? 500 : 200,
    }));
    expect(result.verdict).toBe('aborted');
    expect(result.abort).toEqual({
      phase: 'during',
      expectation: 'errors rate<0.5',
      measured: '1',
      at: from(result) + 4_900,
    });
    expect(result.phases.map(({ phase, requests }) => [phase, requests])).toEqual([
      ['steadyState', 40],
      ['during', 10],
    ]);
    expect(fake.events.slice(-2)).toEqual(['latency-1 off with 0 in flight', 'clear']);
    expect(fake.stopped).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('does nothing as long as it holds', async () => {
    const { result } = await run({ during });
    expect(result.verdict).toBe('passed');
    expect(told(result)).toEqual(['errors rate<0.5: 0 ✓']);
  });
});

describe('recovered within', () => {
  const after = { status: 200, recoveredWithin: { within: '2s', answers: 3 } };

  it('tells when it was well again; what else is expected counts from then on', async () => {
    let broken = 0;
    const { result } = await run({ after }, ({ faultOn }) => {
      if (faultOn) broken = 12;
      return { status: !faultOn && broken-- > 0 ? 503 : 200 };
    });
    expect(told(result)).toEqual(['recovered within 2000 ms (3 good answers in a row): 1200 ms ✓']);
    expect(result.verdict).toBe('passed');
    expect(result.phases.at(-1)).toMatchObject({ phase: 'after', requests: 28 });
  });

  it('fails when it was not, or too late', async () => {
    let faulted = false;
    const { result } = await run({ after }, ({ faultOn, call }) => {
      faulted ||= faultOn;
      return { status: faulted && !faultOn && call % 3 === 0 ? 503 : 200 };
    });
    expect(told(result)[0]).toMatch(/27 of 4[01] answers were good, never 3 in a row ✗/);
    expect(result.verdict).toBe('failed');
  });
});

describe('deliveries', () => {
  const during = { delivery: { within: '1s' } };

  it('are counted by what handlers were invoked with', async () => {
    const { result } = await run({ during });
    expect(told(result)).toEqual([
      'at most 0 lost and 0 doubled deliveries: 0 lost, 0 doubled of 40 (40 invocations) ✓',
    ]);
  });

  it('that no handler has had, or two, fail it', async () => {
    const behaviour: Behaviour = ({ faultOn, call }) => ({
      runs: !faultOn ? 1 : call === 50 ? 0 : call === 60 ? 2 : 1,
    });
    const { result } = await run({ during }, behaviour);
    expect(told(result)).toEqual([
      'at most 0 lost and 0 doubled deliveries: 1 lost, 1 doubled of 40 (40 invocations) ✗',
    ]);
  });
});

describe('memory', () => {
  it.each([
    [(at: number) => 50 + at / 1_000, /^memory of api grows by at most 10 %: i1 \+[\d.]+ % \(from \d+ to \d+ MB\) ✓$/],
    [(at: number) => 50 * (1 + at / 4_000), /: i1 \+[\d.]+ % \(from \d+ to \d+ MB\) ✗$/],
    [(at: number) => 5_000 - at / 10, /: i1 −[\d.]+ % /],
  ])('grows little, much, or not at all', async (memoryMb, measured) => {
    const { result } = await run({ during: { memory: { samples: 4 } } }, undefined, { memoryMb });
    expect(told(result)).toEqual([expect.stringMatching(measured)]);
  });

  it('is compared by quarters: one reading beside the others decides nothing', () => {
    expect(growthOf([100, 100, 100, 100, 100, 100, 110, 110])).toBeCloseTo(10);
    expect(growthOf([50, 60])).toBeCloseTo(20);
    expect(growthOf([0, 5])).toBe(0);
  });

  it('measured too seldom proves nothing', async () => {
    const { result } = await run({ during: { memory: { samples: 9 } } }, undefined, { memoryMb: () => 5 });
    expect(told(result)[0]).toMatch(/too little to tell: 4 measurements of an instance, 9 are needed ✗/);
  });
});

describe('probes', () => {
  it('are made at their time, or at the end of the phase while the faults are on', async () => {
    const seen: [string, boolean][] = [];
    const behaviour: Behaviour = ({ faultOn }) => ({ body: { faultOn } });
    const probe = (at: object, name: string) => ({
      ...at,
      name,
      http: 'GET /x',
      expect: { body: { '$.faultOn': true } },
    });
    const faults = [{ kind: 'latency', at: '1s' }];
    const during = { probes: [probe({ at: '500ms' }, 'early'), probe({ at: '2s' }, 'later'), probe({}, 'last')] };
    const { result } = await run({ faults, during }, behaviour);
    for (const check of result.checks.filter(({ type }) => type === 'probe'))
      seen.push([check.expectation.split(' ')[1] ?? '', check.passed]);
    expect(seen).toEqual([
      ['early', false],
      ['later', true],
      ['last', true],
    ]);
  });

  it('that hang are checks that failed, after their timeout', async () => {
    const behaviour: Behaviour = ({ call }) => ({ hangs: call === 41 });
    const steadyState = { probes: [{ name: 'hangs', http: 'GET /x', timeout: '3s' }] };
    const { result, clock } = await run({ steadyState }, behaviour);
    expect(told(result)).toEqual(['probe hangs (GET /x: a status below 400): no answer within 3000 ms ✗']);
    expect(clock.pending).toBe(0);
  });

  it('look at logs since the phase began, and at metrics', async () => {
    const metrics = '# TYPE faultline_x gauge\nfaultline_x{function="api"} 3\nfaultline_x{function="b"} 4\n';
    const probes = [
      { log: { contains: 'slow' } },
      { log: { regex: 'fa.t', present: false } },
      { metric: 'faultline_x < 8' },
      { metric: 'faultline_x{function="api"} > 3' },
      { metric: 'faultline_y < 8' },
    ];
    const print = (event: Progress, fake: FakeEmulator): void => void (event.type === 'tick' && fake.print?.('slow'));
    const { result } = await run({ during: { probes } }, undefined, { metrics }, print);
    expect(told(result)).toEqual([
      'probe "slow" in the log: 3 lines ✓',
      'probe no /fa.t/ in the log: 0 lines ✓',
      'probe faultline_x < 8: 7 ✓',
      'probe faultline_x{function="api"} > 3: 3 ✗',
      'probe faultline_y < 8: there is no metric faultline_y ✗',
    ]);
  });
});
