import type { Check, ExperimentResult, PhaseFigures } from '../../contract/experiment.js';
import { experimentSchema } from '../../contract/experiment.js';
import type { LoadedExperiment, Progress, Reporter } from '../types.js';

/** One result of each verdict, as every reporter's test gets them. Only tests import it. */

const figures = (phase: PhaseFigures['phase'], over: Partial<PhaseFigures> = {}): PhaseFigures => ({
  phase,
  requests: 20,
  failed: 0,
  statuses: { 201: 20 },
  p50: 8.2,
  p95: 21.7,
  p99: 30.1,
  ...over,
});

const check = (phase: Check['phase'], expectation: string, measured: string, passed = true): Check => ({
  phase,
  expectation,
  measured,
  passed,
});

const fault = {
  id: 'latency-1',
  kind: 'latency',
  function: 'stock',
  summary: '+1500 ms before the handler',
  matched: 16,
};

/** 2 s of warm-up and two phases of 5 s, of which the second is slow. */
const timeline: Pick<ExperimentResult, 'startedAt' | 'marks' | 'series' | 'periods' | 'decisions' | 'hits'> = {
  startedAt: Date.UTC(2025, 0, 1, 12),
  marks: [
    { phase: 'warmUp', from: 300, to: 1_900 },
    { phase: 'steadyState', from: 1_900, to: 6_950 },
    { phase: 'during', from: 6_950, to: 12_800 },
  ],
  series: {
    at: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    requests: [3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 0],
    failed: [0, 0, 0, 0, 0, 0, 0, 2, 3, 2, 2, 0],
    p50: [120, 9, 8, 8.2, 8, 9, 8, 400, 1_510, 380, 390, null],
    p95: [410, 21, 20, 21.7, 22, 21, 20, 1_512, 1_530, 1_511, 1_509, null],
    p99: [410, 21, 20, 30.1, 22, 21, 20, 1_512, 1_530, 1_511, 1_509, null],
  },
  periods: [{ fault: 'latency-1', kind: 'latency', function: 'stock', from: 6_950, to: 12_100 }],
  decisions: [
    { fault: 'latency-1', function: 'stock', number: 25, attempt: 1, hit: true, by: 'share' },
    { fault: 'latency-1', function: 'stock', number: 26, attempt: 1, hit: false, by: 'share' },
  ],
  hits: [
    {
      fault: 'latency-1',
      kind: 'latency',
      where: 'before the handler',
      saw: '+1500 ms',
      function: 'stock',
      number: 25,
      attempt: 1,
      at: 7_020,
    },
  ],
};

const nothing: typeof timeline = {
  startedAt: timeline.startedAt,
  marks: [],
  series: { at: [], requests: [], failed: [], p50: [], p95: [], p99: [] },
  periods: [],
  decisions: [],
  hits: [],
};

export const passed: ExperimentResult = {
  ...timeline,
  title: 'Hardened orders are taken',
  file: '/repo/examples/orders/orders-hardened.experiment.yaml',
  seed: '7',
  verdict: 'passed',
  durationMs: 13_412.5,
  checks: [check('steadyState', 'status 201', '201 × 20'), check('during', 'p95 ≤ 1000 ms', '712 ms')],
  phases: [figures('steadyState'), figures('during', { statuses: { 201: 13, 202: 7 }, p95: 712 })],
  faults: [{ ...fault, injected: 16 }],
  place: { file: '/repo/examples/orders/orders-hardened.mjs', line: 13 },
};

export const failed: ExperimentResult = {
  ...timeline,
  title: 'Orders: <slow> & "failing", 100 %',
  file: '/repo/examples/orders/my orders.experiment.yaml',
  seed: '7',
  verdict: 'failed',
  durationMs: 12_000,
  checks: [
    check('steadyState', 'status 201', '201 × 20'),
    check('during', 'status 201 or 202', '201 × 11, 500 × 9', false),
    check('during', 'p95 ≤ 1000 ms', '1512 ms', false),
    check('after', 'status 201', '201 × 20'),
  ],
  phases: [
    figures('steadyState'),
    figures('during', { statuses: { 201: 11, 500: 9 }, failed: 9, p95: 1_512 }),
    figures('after'),
  ],
  faults: [
    { ...fault, injected: 11 },
    {
      id: 'status-1',
      kind: 'status',
      summary: 'answers 503 instead of calling the handler',
      matched: 20,
      injected: 1,
    },
  ],
  place: { file: '/repo/examples/orders/orders.mjs', line: 6 },
};

export const unwell: ExperimentResult = {
  ...nothing,
  title: 'Not well to begin with',
  file: '/repo/examples/unwell.experiment.yaml',
  seed: '7',
  verdict: 'failed',
  durationMs: 3_000,
  checks: [check('steadyState', 'status 201', '404 × 20', false)],
  phases: [figures('steadyState', { statuses: { 404: 20 } })],
  faults: [{ ...fault, injected: 0 }],
};

export const vacuous: ExperimentResult = {
  ...passed,
  title: 'Nothing was broken',
  file: '/elsewhere/vacuous.experiment.yaml',
  verdict: 'vacuous',
  faults: [{ ...fault, injected: 0 }],
};

export const broken: ExperimentResult = {
  ...nothing,
  title: 'A mistyped fault\n::error::with a control character \u0007',
  file: '/repo/examples/broken.experiment.yaml',
  seed: '7',
  verdict: 'error',
  durationMs: 210,
  checks: [],
  phases: [],
  faults: [],
  error: {
    code: 'FAULT_INVALID',
    message: 'There is no fault kind "latancy"',
    hint: 'Did you mean latency?',
    place: { file: '/repo/examples/broken.experiment.yaml', line: 9, key: 'faults[0].kind' },
  },
};

export const aborted: ExperimentResult = {
  ...timeline,
  title: 'Stopped before it got worse',
  file: '/repo/examples/aborted.experiment.yaml',
  seed: '7',
  verdict: 'aborted',
  durationMs: 9_100,
  checks: [
    check('steadyState', 'status 201', '201 × 20'),
    { ...check('during', 'errors rate<0.2', '0.44', false), type: 'threshold' },
  ],
  phases: [figures('steadyState'), figures('during', { requests: 9, statuses: { 201: 5, 500: 4 }, failed: 4 })],
  faults: [{ ...fault, injected: 7 }],
  abort: { phase: 'during', expectation: 'errors rate<0.2', measured: '0.44', at: 9_000 },
  place: { file: '/repo/examples/orders/orders.mjs', line: 6 },
};

export const results: readonly ExperimentResult[] = [passed, failed, unwell, vacuous, broken, aborted];

/** Everything a reporter is told over a run with these results, in the order of a real one. */
export function reported(reporter: Reporter, color = false, live = false): string {
  const written: string[] = [];
  const report = reporter.open({ write: (text) => void written.push(text), color, live, cwd: '/repo', seed: '7' });
  for (const result of results) {
    report.start?.(loadedOf(result));
    for (const event of progressOf(result)) report.progress?.(event);
    report.result?.(result);
  }
  report.end(results);
  return written.join('');
}

function loadedOf({ title, file }: ExperimentResult): LoadedExperiment {
  const target = { request: 'POST /orders' };
  const expectation = { status: 201 };
  const faults = [{ kind: 'latency' }];
  const experiment = experimentSchema.parse({
    title: 'checked',
    target,
    steadyState: expectation,
    faults,
    during: expectation,
  });
  // As if it had come past the schema: a reporter relies on nothing.
  return { experiment: { ...experiment, title }, file, root: '/repo/examples', faultPlaces: [] };
}

function progressOf({ phases, checks, faults }: ExperimentResult): Progress[] {
  const summaries = faults.map(({ kind, summary }) => `${kind} on stock: ${summary}`);
  const measured = phases.flatMap((one): Progress[] => [
    ...(one.phase === 'during' ? [{ type: 'faults' as const, on: true, summaries }] : []),
    { type: 'phase', phase: one.phase, requests: one.requests, durationMs: 5_000 },
    { type: 'tick', phase: one.phase, requests: 4, failed: 1, elapsedMs: 1_000, durationMs: 5_000 },
    { type: 'figures', figures: one, checks: checks.filter(({ phase }) => phase === one.phase) },
    ...(one.phase === 'during' ? [{ type: 'faults' as const, on: false, summaries }] : []),
  ]);
  return phases.length === 0 ? [] : [{ type: 'warm-up', requests: 21, durationMs: 1_000 }, ...measured];
}
