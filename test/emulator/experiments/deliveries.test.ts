import { expect, it } from 'vitest';
import { systemClock } from '../../../emulator/clock.js';
import {
  experimentSchema,
  type ExperimentInput,
  type ExperimentResult,
} from '../../../emulator/contract/experiment.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { runExperiment } from '../../../emulator/experiments/runner.js';
import { createWorkspace } from '../../support/workspace.js';

/** Deliveries are counted with real queues, retries and handlers. */

const files = {
  'faultline.yaml': `functions:
  worker: { handler: worker.handler, retries: { attempts: 2 } }
  reader: { handler: reader.handler, events: [{ queue: { name: jobs, batchSize: 3, partialResponses: true } }] }
queues:
  jobs: { visibility: 1s, redrive: { queue: dead, maxReceives: 2 } }
  dead: {}
`,
  'worker.mjs': 'export const handler = async () => "done";',
  // The message that asks for it fails each time, alone.
  'reader.mjs': `export const handler = async ({ Records }) => ({
    batchItemFailures: Records.filter((r) => r.body.includes('poison')).map((r) => ({ itemIdentifier: r.messageId })),
  });`,
  'bodies.jsonl': '{"n":1}\n{"n":2}\n{"n":3}\n{"n":4}\n{"poison":true}\n',
};

async function run(input: Partial<ExperimentInput>): Promise<ExperimentResult> {
  await using workspace = await createWorkspace(files);
  const experiment = experimentSchema.parse({
    title: 'deliveries',
    load: { rate: 10, for: '1s', warmUp: 0 },
    steadyState: { status: [200, 202] },
    during: { delivery: { within: '40s' } },
    ...input,
  });
  const file = `${workspace.root}/a.experiment.yaml`;
  return await runExperiment({
    experiment,
    file,
    root: workspace.root,
    start: startEmulator,
    clock: systemClock,
    seed: '1',
  });
}

const told = ({ error, checks }: ExperimentResult): string[] =>
  error ? [error.message] : checks.filter(({ type }) => type === 'delivery').map(({ measured }) => measured);

it(
  'an asynchronous invocation that is retried until it succeeds is neither lost nor doubled',
  { timeout: 90_000 },
  async () => {
    const result = await run({
      target: { invoke: 'worker', async: true },
      faults: [{ kind: 'exception', function: 'worker', rate: 25 }],
      timeScale: 600,
    });
    expect(told(result)).toEqual([expect.stringMatching(/^0 lost, 0 doubled of 10 /)]);
    expect(result.verdict).toBe('passed');
    expect(result.hits.length).toBeGreaterThan(0);
    expect(result.hits.length).toBe(result.decisions.filter(({ hit }) => hit).length);
  },
);

it('messages of a queue are counted one by one, a dead letter is lost', { timeout: 90_000 }, async () => {
  const result = await run({
    target: { queue: 'jobs' },
    load: { rate: 10, for: '1s', warmUp: 0, events: ['bodies.jsonl'] },
    faults: [{ kind: 'latency', function: 'reader', params: { ms: 10 } }],
    during: { delivery: { within: '6s' } },
  });
  expect(told(result)).toEqual([expect.stringMatching(/^2 lost, 0 doubled of 10 /)]);
  expect(result.verdict).toBe('failed');
});
