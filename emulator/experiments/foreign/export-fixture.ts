import { experimentSchema, type Experiment } from '../../contract/experiment.js';
import type { ExportOptions } from '../exporters/types.js';
import { exportExperiment, leftOutLine } from './export.js';

/** For tests: an experiment of ours with these faults. */
export function experimentOf(faults: readonly object[], more: object = {}): Experiment {
  return experimentSchema.parse({
    title: 'Orders are taken',
    target: { request: 'POST /orders', body: { sku: 'apple' } },
    load: { rate: 10, for: '10s' },
    steadyState: { status: 201 },
    faults,
    during: { status: 201 },
    ...more,
  });
}

/** Parameters as the kinds have them when nothing is given. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  latency: { ms: 800, jitter: 0, when: 'before' },
  status: { code: 503, body: 'x', contentType: 'application/json', preventExecution: true },
  exception: { errorType: 'InjectedError', message: 'Injected by Faultline', when: 'before' },
  hang: { mode: 'idle', when: 'before' },
};

export function exported(
  experiment: Experiment,
  to: string,
  options: ExportOptions,
  functions: readonly string[] = [],
): { readonly document: unknown; readonly left: readonly string[]; readonly todo: readonly string[] } {
  const { text, leftOut, todo } = exportExperiment(experiment, to, {
    functions,
    defaultsOf: (kind) => DEFAULTS[kind] ?? {},
    options,
  });
  return { document: JSON.parse(text) as unknown, left: leftOut.map(leftOutLine), todo };
}
