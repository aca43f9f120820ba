import { describe, expect, it } from 'vitest';
import { experimentSchema } from '../../contract/experiment.js';
import { chaosSchema } from '../foreign/chaostoolkit/document.js';
import { exported, experimentOf } from '../foreign/export-fixture.js';
import { importedValue } from '../foreign/fixture.js';

const CONTROL = { control: 'http://127.0.0.1:3001' };

const PROBES = [
  { name: 'stock', http: 'GET /stock/apple', expect: { body: { '$.left': 3 } } },
  { name: 'healthy', http: 'GET /health', expect: { text: { regex: '^ok' } } },
  { name: 'disk', process: { command: 'test', args: ['-d', '/tmp'] }, expect: { exitCode: 0 } },
];

const throttled = (more: object = {}) => ({ kind: 'throttle', function: 'stock', params: { perSecond: 0 }, ...more });

describe('chaostoolkit', () => {
  it('writes the hypothesis, the method by what AWS can do, and the rollbacks', () => {
    const expectation = { status: [201, 202], thresholds: { latency: ['max<3000'] }, probes: PROBES };
    const experiment = experimentOf([throttled({ at: '2s', for: '5s' }), { kind: 'latency', function: 'orders' }], {
      steadyState: expectation,
      during: expectation,
    });
    const { document, left, todo } = exported(experiment, 'chaostoolkit', { region: 'eu-west-1' });
    expect(chaosSchema.safeParse(document).success).toBe(true);
    expect(document).toMatchObject({
      version: '1.0.0',
      title: 'Orders are taken',
      description: 'Orders are taken',
      configuration: {
        base_url: { type: 'env', key: 'BASE_URL', default: 'http://127.0.0.1:3000' },
        aws_region: { type: 'env', key: 'AWS_REGION', default: 'eu-west-1' },
        fis_template_id: { type: 'env', key: 'FIS_TEMPLATE_ID' },
      },
      'steady-state-hypothesis': {
        title: 'Orders are taken',
        probes: [
          {
            type: 'probe',
            name: 'POST /orders',
            tolerance: [201, 202],
            provider: {
              type: 'http',
              method: 'POST',
              url: '${base_url}/orders',
              arguments: { sku: 'apple' },
              timeout: 3,
            },
          },
          { name: 'stock', tolerance: { type: 'jsonpath', path: '$.left', expect: [3], target: 'body' } },
          { name: 'healthy', tolerance: { type: 'regex', pattern: '^ok', target: 'body' } },
          { name: 'disk', tolerance: 0, provider: { type: 'process', path: 'test', arguments: ['-d', '/tmp'] } },
        ],
      },
      method: [
        {
          name: 'start-the-fis-experiment',
          provider: {
            type: 'python',
            module: 'chaosaws.fis.actions',
            func: 'start_experiment',
            arguments: { experiment_template_id: '${fis_template_id}' },
          },
          pauses: { after: 2 },
        },
        {
          name: 'throttle-stock-1',
          provider: {
            module: 'chaosaws.awslambda.actions',
            func: 'put_function_concurrency',
            arguments: { function_name: 'stock', concurrent_executions: 0 },
          },
          pauses: { after: 5 },
        },
        { name: 'unthrottle-stock', provider: { func: 'delete_function_concurrency' }, pauses: { after: 3 } },
      ],
      rollbacks: [
        { name: 'unthrottle-stock', provider: { func: 'delete_function_concurrency' } },
        { name: 'stop-the-fis-experiment', provider: { func: 'stop_experiments_by_tags' } },
      ],
    });
    expect(left.join('\n')).toContain('load: the Chaos Toolkit calls once before and once after');
    expect(todo.join('\n')).toContain('FIS_TEMPLATE_ID');
    expect(todo.join('\n')).toContain('BASE_URL');
  });

  it('what both sides know comes back: what is called, what must hold, what is throttled and when', () => {
    const expectation = { status: 201, thresholds: { latency: ['max<3000'] }, probes: PROBES };
    const experiment = experimentOf([throttled({ at: '2s', for: '5s' })], {
      description: 'More about it',
      steadyState: expectation,
      during: expectation,
    });
    const back = importedValue(exported(experiment, 'chaostoolkit', {}).document);
    expect(back.told).toEqual([expect.stringContaining('127.0.0.1:3000 is not called: the gateway is')]);
    const { target, ...read } = experimentSchema.parse(back.experiment);
    const { target: wanted, ...rest } = experiment;
    expect(target).toEqual({ ...wanted, headers: { 'Content-Type': 'application/json' } });
    expect(read).toEqual(rest);
  });

  it('with a control URL asks an emulator for its faults, whatever their kind, and they come back', () => {
    const faults = [
      {
        kind: 'network',
        function: 'orders',
        params: { mode: 'reset', hosts: ['db:5432'] },
        first: 3,
        at: '1s',
        for: '4s',
      },
      { kind: 'latency', match: { headers: { 'x-a': 'b' } }, rate: 25, ramp: '2s', at: '3s', for: '7s' },
    ];
    const experiment = experimentOf(faults);
    const { document, left, todo } = exported(experiment, 'chaostoolkit', CONTROL);
    expect(document).toMatchObject({
      configuration: { faultline: { type: 'env', key: 'FAULTLINE_CONTROL', default: CONTROL.control } },
      secrets: { faultline: { token: { type: 'env', key: 'FAULTLINE_TOKEN' } } },
      method: [{ pauses: { before: 1, after: 2 } }, { pauses: { after: 7 } }],
      rollbacks: [{ provider: { method: 'DELETE', url: '${faultline}/api/faults' } }],
    });
    expect(left).toEqual([expect.stringMatching(/^load: /)]);
    expect(todo.join('\n')).toContain('FAULTLINE_TOKEN');
    const back = experimentSchema.parse(importedValue(document).experiment);
    expect(back.faults).toEqual(experiment.faults);
  });

  it('takes what must hold during as the hypothesis, where the steady state is stricter', () => {
    const experiment = experimentOf([throttled()], {
      steadyState: { status: 201, p95: { max: 100 } },
      during: { status: [201, 202], errorShare: { max: 0.01 } },
      after: { status: 201 },
    });
    const { document, left } = exported(experiment, 'chaostoolkit', {});
    expect(document).toMatchObject({ 'steady-state-hypothesis': { probes: [{ tolerance: [201, 202] }] } });
    expect(left.map((line) => line.split(': ')[0])).toEqual(['steadyState', 'during.errorShare', 'load', 'after']);
  });

  it('an invocation went well when the SDK’s answer has no FunctionError', () => {
    const experiment = experimentOf([throttled()], {
      target: { invoke: 'orders', event: { a: 1 } },
      steadyState: { errorShare: { max: 0 } },
      during: { errorShare: { max: 0 } },
    });
    const { document, left } = exported(experiment, 'chaostoolkit', {});
    expect(document).toMatchObject({
      'steady-state-hypothesis': {
        probes: [
          {
            provider: { func: 'invoke_function', arguments: { function_name: 'orders', function_arguments: { a: 1 } } },
            tolerance: { type: 'jsonpath', path: '$.FunctionError', count: 0 },
          },
        ],
      },
    });
    expect(left).toEqual([expect.stringMatching(/^load: /)]);
    expect(importedValue(document).experiment.target).toEqual({ invoke: 'orders', event: { a: 1 } });
  });

  it.each([
    [{ metric: 'faultline_errors_total < 5' }, 'probes[0]: metrics and logs of the emulator are not there elsewhere'],
    [{ log: { contains: 'x' } }, 'probes[0]: metrics and logs'],
    [{ http: 'GET /a', expect: { status: 200, body: { '$.a': 1, '$.b': 2 } } }, 'expect.status: a tolerance holds one'],
    [{ http: 'GET /a', expect: { body: { '$.a': { startsWith: 'x' } } } }, 'expect.body: a tolerance holds one thing'],
    [{ process: { command: 'x', env: { A: 'b' } } }, 'process.env: a process has no variables'],
    [{ process: { command: 'x' }, expect: { stdout: 'y' } }, 'expect.stdout: stdout is held against'],
  ])('tells what of the probe %j it could not carry over', (probe, why) => {
    const expectation = { status: 201, probes: [probe] };
    const experiment = experimentOf([throttled()], { steadyState: expectation, during: expectation });
    expect(exported(experiment, 'chaostoolkit', {}).left.join('\n')).toContain(why);
  });

  it('refuses an experiment that leaves nothing, and says how it would', () => {
    const experiment = experimentOf([{ kind: 'network', function: 'orders' }]);
    expect(() => exported(experiment, 'chaostoolkit', {})).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('--control URL') as string }),
    );
  });
});
