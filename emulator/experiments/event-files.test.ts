import path from 'node:path';
import { expect, it } from 'vitest';
import { createWorkspace } from '../../test/support/workspace.js';
import type { FaultlineError } from '../contract/errors.js';
import { readEvents } from './event-files.js';

const files = {
  'a.json': '{"n":1}',
  'b.jsonl': '{"n":2}\n\n[3]\n',
  'bad.json': '{',
  'bad.jsonl': '1\nx\n',
  'no.jsonl': '\n',
};

it('takes a JSON file as one event, and each line of a JSONL file', async () => {
  await using workspace = await createWorkspace(files);
  const experiment = path.join(workspace.root, 'x.experiment.yaml');
  expect(await readEvents(['a.json', 'b.jsonl'], experiment)).toEqual([{ n: 1 }, { n: 2 }, [3]]);
});

it.each([
  ['nowhere.json', /load\.events\[0\]: nowhere\.json cannot be read/, undefined],
  ['bad.json', /bad\.json is not JSON/, undefined],
  ['bad.jsonl', /bad\.jsonl is not JSON/, 2],
  ['no.jsonl', /load\.events\[0\]: no\.jsonl has no events/, undefined],
])('%s is refused', async (name, message, line) => {
  await using workspace = await createWorkspace(files);
  const reading = readEvents([name], path.join(workspace.root, 'x.experiment.yaml'));
  const error = (await reading.catch((reason: unknown) => reason)) as FaultlineError;
  expect(error).toMatchObject({ code: 'EXPERIMENT_INVALID', message: expect.stringMatching(message) as string });
  expect(error.place?.line).toBe(line);
});
