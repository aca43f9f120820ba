import { describe, expect, it } from 'vitest';
import { experimentSchema } from '../../contract/experiment.js';
import { parseExperiment } from '../load.js';
import { fixtureText, imported } from './fixture.js';
import { formatOf, importDocument } from './import.js';
import { importedExperiment } from './load.js';
import { experimentText } from './write.js';

const FIXTURES = {
  'orders.fis.json': 'fis',
  'orders.chaos.json': 'chaostoolkit',
  'redis.chaos.yaml': 'chaostoolkit',
  'failure-lambda.0.json': 'failure-lambda',
  'failure-lambda.1.json': 'failure-lambda',
  'toxiproxy.json': 'toxiproxy',
  'localstack.json': 'localstack',
};
const EACH = Object.entries(FIXTURES);
const on = { target: 'POST /orders' };

describe('importDocument', () => {
  it.each(EACH)('recognises %s as %s', (file, format) => {
    expect(formatOf(fixtureText(file), file)).toBe(format);
    expect(imported(file, on).format).toBe(format);
  });

  it.each(['{"hello": 1}', '[1]', '"text"', '{}', '[]'])(
    '%s is of no format, and the error names what was looked for',
    (text) => {
      expect(() => importDocument(text, '/w/a.json')).toThrow(
        expect.objectContaining({
          code: 'USAGE',
          message: 'a.json is of no format that is known here',
          hint: expect.stringMatching(
            /Looked for chaostoolkit: .*fis: .*failure-lambda: .*toxiproxy: .*localstack: /,
          ) as string,
        }),
      );
    },
  );

  it('knows an experiment of ours', () => {
    const text = 'title: x\ntarget: { request: GET / }\nfaults: []\n';
    expect(() => importDocument(text, '/w/a.experiment.yaml')).toThrow('is an experiment of ours already');
  });

  it('takes the format that it is told, and knows what was probably meant', () => {
    expect(() => importDocument('{}', '/w/a.json', { from: 'toxiproxi' })).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('Did you mean toxiproxy?') as string }),
    );
    expect(() => importDocument('{"hello": 1}', '/w/a.json', { from: 'fis' })).toThrow('actions: ');
  });

  it.each([
    ['POST /orders', { request: 'POST /orders' }],
    ['get  /orders', { request: 'GET /orders' }],
    ['orders', { invoke: 'orders' }],
  ])('calls %s', (target, wanted) => {
    expect(imported('localstack.json', { target }).experiment.target).toEqual(wanted);
  });

  it('calls the function that faults hit, when it is told no more', () => {
    const { experiment } = imported('localstack.json', { function: 'orders' });
    expect(experiment.target).toEqual({ invoke: 'orders' });
    expect(experiment.faults.map((fault) => fault.function)).toEqual(['orders', 'orders']);
  });
});

describe('experimentText', () => {
  it.each(EACH)('of %s is an experiment file that says the same', (file) => {
    const result = imported(file, on);
    const text = experimentText(result, `/w/${file}`, '/w');
    const { experiment } = parseExperiment(text, `/w/${file}.experiment.yaml`);
    expect(experiment).toEqual(experimentSchema.parse(result.experiment));
    for (const line of text.split('\n').filter((each) => each.startsWith('#'))) expect(line.length).toBeLessThan(125);
  });

  it('begins with where it is from, what was not carried over and what was assumed', () => {
    const text = experimentText(imported('failure-lambda.1.json', on), '/w/in/failure.json', '/w');
    expect(text).toMatch(
      /^# Imported from in\/failure\.json \(failure-lambda\)\.\n\n# Not carried over:\n# - [^]*denylist\.deny_list\[1\][^]*\n# Assumed:\n# - The document does not say what must hold/,
    );
    expect(text).toContain('\ntarget: { request: POST /orders }\n');
  });

  it('keeps what a line break in the document could do in its comments', () => {
    const result = importDocument(
      '{"a\\nkind: crash": {"upstream": "x:1", "toxics": [{"type": "a\\nfaults: []"}]},"b":{"upstream":"y:2","enabled":false}}',
      '/w/a.json',
      on,
    );
    const text = experimentText(result, '/w/a.json', '/w');
    expect(parseExperiment(text, '/w/a.experiment.yaml').experiment.faults).toHaveLength(1);
  });
});

describe('importedExperiment', () => {
  it('is ready to run, with a place for each fault and a line for each note', () => {
    const { experiment, faultPlaces, notes } = importedExperiment(fixtureText('orders.fis.json'), '/w/o.json', '/w');
    expect(experiment.load).toMatchObject({ rate: 10, for: 210_000 });
    expect(faultPlaces).toHaveLength(experiment.faults.length);
    expect(notes[0]).toMatch(/^not carried over: o\.json:\d+:\d+, experimentTemplate\.targets/);
    expect(notes.at(-1)).toMatch(/^assumed: Each phase takes 210s/);
  });
});
