import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWorkspace } from '../../test/support/workspace.js';
import { FaultlineError } from '../contract/errors.js';
import { loadExperiments, parseExperiment } from './load.js';

const GOOD = `title: It holds
target: { request: GET /x }
steadyState: { status: 200 }
faults:
  - kind: latency
    params: { ms: 5 }
    for: 1500ms
  - { kind: status, rate: 10 }
during: { errorShare: { max: 0.1 } }
`;

function problems(text: string): string[] {
  try {
    parseExperiment(text, '/w/a.experiment.yaml');
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(FaultlineError);
    const { code, hint, all } = error as FaultlineError;
    expect(code).toBe('EXPERIMENT_INVALID');
    expect(hint).toContain('docs/experiments.md');
    return (all ?? []).map(({ message, place }) => `${place?.line}: ${message}`);
  }
}

describe('parseExperiment', () => {
  it('applies the defaults and knows where each fault is', () => {
    const { experiment, faultPlaces } = parseExperiment(GOOD, '/w/a.experiment.yaml');
    expect(experiment.load).toEqual({ rate: 20, for: 2_000, warmUp: 1_000 });
    expect(experiment.faults[0]).toMatchObject({ kind: 'latency', for: 1_500, rate: 100, enabled: true });
    expect(faultPlaces.map((place) => [place.line, place.key])).toEqual([
      [5, 'faults[0]'],
      [8, 'faults[1]'],
    ]);
  });

  it.each([
    [
      'an unknown key',
      GOOD.replace('during:', 'durring:'),
      /^9: durring: unknown key "durring"; did you mean "during"\?/,
    ],
    ['a title of two lines', GOOD.replace('It holds', '"a\\nb"'), /^1: title: a title is one line/],
    ['a missing key', GOOD.replace(/title.*\n/, ''), /^1: title: is missing/],
    ['an unknown key of a fault', GOOD.replace('rate: 10', 'rat: 10'), /^8: faults\[1\]\.rat: .*did you mean "rate"/],
    ['a wrong type', GOOD.replace('title: It holds', 'title: 5'), /^1: title: .*expected string/],
    ['no faults', GOOD.replace(/faults:[^]*during/, 'faults: []\nduring'), /^4: faults: .*proves nothing; add one/],
    ['share 101', GOOD.replace('rate: 10', 'rate: 101'), /^8: faults\[1\]\.rate: .*100/],
    ['an error share above 1', GOOD.replace('max: 0.1', 'max: 5'), /^9: during\.errorShare: a share is from 0 to 1/],
    ['min above max', GOOD.replace('max: 0.1', 'min: 0.2, max: 0.1'), /^9: during\.errorShare: min is above max/],
    ['no expectation', GOOD.replace('{ errorShare: { max: 0.1 } }', '{}'), /^9: during: nothing is expected/],
    ['no duration', GOOD.replace('1500ms', 'soon'), /^7: faults\[0\]\.for: not a duration/],
    ['a phase of no time', `${GOOD}load: { for: 0s }\n`, /^10: load\.for: a phase lasts more than 0/],
    ['no path', GOOD.replace('GET /x', '/x'), /^2: target\.request: write METHOD \/path/],
    ['two targets', GOOD.replace('GET /x', 'GET /x, invoke: f'), /^2: target: give either request or invoke/],
    ['a GET with a body', GOOD.replace('GET /x', 'GET /x, body: {}'), /^2: target\.body: a GET or HEAD request/],
    ['an event for a request', GOOD.replace('GET /x', 'GET /x, event: {}'), /^2: target\.event: .*write body/],
    [
      'a body for an invocation',
      GOOD.replace('request: GET /x', 'invoke: f, body: {}'),
      /^2: target\.body: .*write event/,
    ],
    [
      'a probe of two types',
      `${GOOD}after: { probes: [{ http: GET /x, invoke: f }] }\n`,
      /^10: after\.probes\[0\]: give one of http, invoke, metric, log, process/,
    ],
    [
      'a probe without an end',
      `${GOOD}after: { probes: [{ http: GET /x, timeout: 2m }] }\n`,
      /^10: after\.probes\[0\]\.timeout: a probe waits more than 0 and at most 60s/,
    ],
    [
      'an expectation of another probe',
      `${GOOD}after:\n  probes:\n    - http: GET /x\n      expect: { exitCode: 1 }\n`,
      /^13: after\.probes\[0\]\.expect\.exitCode: a probe by http has no exitCode; it has status/,
    ],
    [
      'a regular expression that is none',
      `${GOOD}after:\n  probes:\n    - log: { regex: "(" }\n`,
      /^12: after\.probes\[0\]\.log\.regex: .*regular expression/,
    ],
    [
      'a path that is none',
      `${GOOD}after:\n  probes:\n    - http: GET /x\n      expect: { body: { "$.a[": 1 } }\n`,
      /^13: after\.probes\[0\]\.expect\.body: .*no path/,
    ],
    [
      'a metric expression that is none',
      `${GOOD}after: { probes: [{ metric: x is 5 }] }\n`,
      /^10: after\.probes\[0\]\.metric: write name\{label="x"\} < 5/,
    ],
    [
      'a threshold that is none',
      `${GOOD}after:\n  thresholds:\n    latency: ["p(95)<500", "p95<500"]\n`,
      /^12: after\.thresholds\.latency\[1\]: not a threshold; write for example p\(95\)<500/,
    ],
    [
      'an aggregation of another metric',
      `${GOOD}after: { thresholds: { errors: ["med<5"] } }\n`,
      /^10: after\.thresholds\.errors\[0\]: errors has no med; it has rate, count/,
    ],
    ['no end', `${GOOD}load: { rate: 5 }\n`, /^10: load: the load has no end; write for example for: 10s/],
    ['an end too far', `${GOOD}load: { rate: 5, for: 3h }\n`, /^10: load\.for: an experiment has to end/],
    ['two kinds of load', `${GOOD}load: { rate: 5, users: 5, for: 1s }\n`, /^10: load\.users: contradicts itself/],
    [
      'a fault after the phase',
      GOOD.replace('for: 1500ms', 'at: 2s'),
      /^7: faults\[0\]\.at: the phase is over by then: it lasts 2 s/,
    ],
    [
      'contradictory matches',
      GOOD.replace('rate: 10', 'first: 2, nth: 3'),
      /^8: faults\[1\]\.nth: contradicts itself: give one of nth, first, every, sequence/,
    ],
    [
      'a match that cannot be',
      GOOD.replace('rate: 10', 'match: { event: { $.a: { exists: false, eq: 1 } } }'),
      /^8: faults\[1\]\.match\.event\.\$\.a: contradicts itself/,
    ],
    [
      'recoveredWithin where nothing has ended',
      GOOD.replace('{ errorShare: { max: 0.1 } }', '{ recoveredWithin: 5s }'),
      /^9: during\.recoveredWithin: unknown key/,
    ],
    ['an empty file', '', /^1: the file is empty; it needs title/],
    ['only a comment', '# later\n', /^1: the file is empty/],
    ['a list', '- a\n', /^1: .*expected object/],
    ['not YAML', 'title: [\n  : }', /^\d+: /],
    ['a key twice', `${GOOD}title: again\n`, /^10: .*unique/],
  ])('%s: line, key and what to do', (_name, text, expected) => {
    expect(problems(text)[0]).toMatch(expected);
  });
});

describe('loadExperiments', () => {
  const files = {
    'app/faultline.yaml': '',
    'app/b.experiment.yml': GOOD,
    'app/deep/a.experiment.yaml': GOOD,
    'app/other.yaml': 'no',
    'app/node_modules/m/m.experiment.yaml': 'no',
    'app/.hidden/h.experiment.yaml': 'no',
  };
  const names = (root: string, found: readonly { readonly file: string }[]): string[] =>
    found.map(({ file }) => path.relative(root, file).split(path.sep).join('/'));

  it('walks: sorted, without dependencies and hidden folders; the workspace is the nearest config upward', async () => {
    await using workspace = await createWorkspace(files);
    const loaded = await loadExperiments([], workspace.root);
    expect(names(workspace.root, loaded)).toEqual(['app/b.experiment.yml', 'app/deep/a.experiment.yaml']);
    expect(new Set(loaded.map(({ root }) => root))).toEqual(new Set([path.join(workspace.root, 'app')]));
  });

  it.each([
    [['app/deep'], ['app/deep/a.experiment.yaml']],
    [
      ['app/b.experiment.yml', 'app'],
      ['app/b.experiment.yml', 'app/deep/a.experiment.yaml'],
    ],
    [['**/a.*.yaml'], ['app/deep/a.experiment.yaml']],
    [['./app/*.yml'], ['app/b.experiment.yml']],
  ])('takes files, folders and patterns: %j', async (paths, expected) => {
    await using workspace = await createWorkspace(files);
    expect(names(workspace.root, await loadExperiments(paths, workspace.root))).toEqual(expected);
  });

  it('tells the issues of every file at once', async () => {
    await using workspace = await createWorkspace({
      ...files,
      'app/c.experiment.yaml': '',
      'app/d.experiment.yaml': '[',
    });
    const error = (await loadExperiments([], workspace.root).catch((reason: unknown) => reason)) as FaultlineError;
    expect(error.message).toBe(
      'c.experiment.yaml: the file is empty; it needs title, target, steadyState, faults and during (and 1 more)',
    );
    expect(error.all?.map(({ place }) => path.basename(place?.file ?? ''))).toEqual([
      'c.experiment.yaml',
      'd.experiment.yaml',
    ]);
  });

  it.each([
    [['nowhere.experiment.yaml'], 'USAGE', /there is no file or folder nowhere/],
    [['empty'], 'USAGE', /no experiment found/],
    [['*.nothing'], 'USAGE', /no experiment found/],
    [['alone.experiment.yaml'], 'CONFIG_NOT_FOUND', /no faultline.yaml beside alone.experiment.yaml or above/],
  ])('%j is %s', async (paths, code, message) => {
    await using workspace = await createWorkspace({ 'alone.experiment.yaml': GOOD, 'empty/x.txt': '' });
    const error = (await loadExperiments(paths, workspace.root).catch((reason: unknown) => reason)) as FaultlineError;
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });
});
