import { describe, expect, it } from 'vitest';
import { exported, experimentOf } from '../foreign/export-fixture.js';
import { fisTemplateSchema, type FisTemplate } from '../foreign/fis-template.js';
import { importedValue } from '../foreign/fixture.js';

const ACCOUNT = { role: 'arn:aws:iam::123456789012:role/fis', region: 'eu-west-1' };

const fault = (more: object) => experimentOf([{ kind: 'latency', function: 'stock', ...more }]);

describe('fis', () => {
  it('writes the faults that Lambda actions of FIS can do, on their timeline', () => {
    const experiment = experimentOf(
      [
        { kind: 'latency', function: 'stock', params: { ms: 1500 }, rate: 40, for: '2m' },
        { kind: 'status', function: 'stock', params: { code: 503, body: '' }, at: '3m', for: '1m' },
        { kind: 'exception', function: 'orders', match: { alias: 'live' }, params: { when: 'after' }, at: '3m' },
      ],
      { load: { rate: 5, for: '5m' } },
    );
    const { document, left, todo } = exported(experiment, 'fis', ACCOUNT);
    expect(fisTemplateSchema.safeParse(document).error).toBeUndefined();
    expect(document).toEqual({
      description: 'Orders are taken',
      targets: {
        stock: target('stock'),
        'stock-2': target('stock'),
        orders: target('orders:live'),
      },
      actions: {
        'latency-stock': {
          actionId: 'aws:lambda:invocation-add-delay',
          parameters: { duration: 'PT2M', invocationPercentage: '40', startupDelayMilliseconds: '1500' },
          targets: { Functions: 'stock' },
        },
        wait: { actionId: 'aws:fis:wait', parameters: { duration: 'PT3M' } },
        'status-stock-2': {
          actionId: 'aws:lambda:invocation-http-integration-response',
          parameters: {
            duration: 'PT1M',
            contentTypeHeader: 'application/json',
            statusCode: '503',
            preventExecution: 'true',
          },
          targets: { Functions: 'stock-2' },
          startAfter: ['wait'],
        },
        'exception-orders': {
          actionId: 'aws:lambda:invocation-error',
          parameters: { duration: 'PT2M', preventExecution: 'false' },
          targets: { Functions: 'orders' },
          startAfter: ['wait'],
        },
      },
      stopConditions: [{ source: 'none' }],
      roleArn: ACCOUNT.role,
      tags: { Name: 'Orders are taken' },
      experimentOptions: { accountTargeting: 'single-account', emptyTargetResolutionMode: 'fail' },
    });
    expect(left).toEqual(['load', 'steadyState', 'during'].map((key) => expect.stringMatching(`^${key}: `) as string));
    expect(todo).toEqual([expect.stringContaining('the FIS extension as a layer')]);
  });

  it('comes back as the same faults', () => {
    const faults = [
      { kind: 'latency', function: 'stock', params: { ms: 1500 }, rate: 40, for: '2m' },
      {
        kind: 'status',
        function: 'stock',
        params: { code: 503, body: '', contentType: 'text/plain', preventExecution: false },
        at: '3m',
        for: '1m',
      },
      {
        kind: 'exception',
        function: 'orders',
        match: { alias: 'live' },
        params: { when: 'after' },
        at: '2m',
        for: '3m',
      },
    ];
    const experiment = experimentOf(faults, { load: { rate: 10, for: '5m' } });
    const back = importedValue(exported(experiment, 'fis', ACCOUNT).document);
    expect(back.told).toEqual([]);
    expect(back.experiment.title).toBe(experiment.title);
    expect(back.experiment.load).toEqual({ rate: 10, for: '5m' });
    expect(back.experiment.faults).toEqual(
      faults.map((each) =>
        each.kind === 'exception' ? { ...each, params: { message: 'Injected as AWS FIS does', when: 'after' } } : each,
      ),
    );
  });

  it('has placeholders for what it is not told, and says which', () => {
    const { document, todo } = exported(fault({}), 'fis', {});
    expect(fisTemplateSchema.safeParse(document).success).toBe(true);
    expect((document as FisTemplate).roleArn).toBe('arn:aws:iam::ACCOUNT_ID:role/FIS_ROLE');
    expect((document as FisTemplate).targets['stock']?.resourceArns).toEqual([
      'arn:aws:lambda:REGION:ACCOUNT_ID:function:stock',
    ]);
    expect(todo.slice(0, 3)).toEqual(
      ['--role ARN', '--account NUMBER', '--region NAME'].map((text) => expect.stringContaining(text) as string),
    );
  });

  it('a hang is a delay beyond every timeout', () => {
    const { document } = exported(experimentOf([{ kind: 'hang', function: 'stock' }]), 'fis', ACCOUNT);
    expect((document as FisTemplate).actions['hang-stock']?.parameters).toEqual({
      duration: 'PT1M',
      startupDelayMilliseconds: '900000',
    });
  });

  it('makes thresholds that abort stop conditions', () => {
    const thresholds = { errors: [{ threshold: 'rate<0.5', abortOnFail: true }], latency: ['p(95)<900'] };
    const experiment = experimentOf([{ kind: 'latency', function: 'stock' }], { during: { thresholds } });
    const { document, todo } = exported(experiment, 'fis', ACCOUNT);
    expect((document as FisTemplate).stopConditions).toEqual([
      {
        source: 'aws:cloudwatch:alarm',
        value: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:faultline-errors-1',
      },
    ]);
    expect(todo).toContainEqual(expect.stringContaining('fires when errors rate<0.5 does not hold'));
  });

  it('names the functions that a pattern or nothing means, five to a target', () => {
    const functions = Array.from({ length: 7 }, (_, i) => `orders-${String(i)}`);
    const { document } = exported(experimentOf([{ kind: 'latency', function: 'orders-*' }]), 'fis', ACCOUNT, [
      ...functions,
      'stock',
    ]);
    const { targets, actions } = document as FisTemplate;
    expect(Object.values(targets).map(({ resourceArns }) => resourceArns.length)).toEqual([5, 2]);
    expect(Object.keys(actions)).toHaveLength(2);
  });

  it.each([
    [{ params: { ms: 5, jitter: 5 } }, 'faults[0].params.jitter: AWS FIS delays by one time'],
    [{ rate: 33.4 }, 'faults[0].rate: AWS FIS takes whole percents; it is 33 % there'],
    [{ rate: 0.2 }, 'it is 1 % there'],
    [{ ramp: '1s' }, 'faults[0].ramp: AWS FIS has no ramp'],
    [{ for: '1s' }, 'faults[0]: lasts 1s; an action of AWS FIS lasts 1 minute to 12 hours'],
  ])('carries %j over as far as it goes, and says so', (more, why) => {
    const { document, left } = exported(fault(more), 'fis', ACCOUNT);
    expect(fisTemplateSchema.safeParse(document).success).toBe(true);
    expect(left.join('\n')).toContain(why);
  });

  it.each([
    [{ first: 3 }, 'faults[1].first: AWS FIS hits invocations by share only'],
    [{ match: { route: 'POST /orders' } }, 'faults[1].match.route: AWS FIS hits'],
    [{ atOnce: 2 }, 'faults[1].atOnce: AWS FIS hits'],
    [{ dryRun: true }, 'faults[1]: a dry run hits nothing'],
    [{ enabled: false }, 'faults[1]: is switched off'],
    [{ params: { when: 'after' } }, 'faults[1].params.when: AWS FIS delays before'],
    [{ kind: 'network' }, 'faults[1]: AWS FIS has no action for network'],
    [{ function: '*' }, 'faults[1]: names no function'],
  ])('leaves a fault with %j out rather than make it a larger one', (more, why) => {
    const experiment = experimentOf([
      { kind: 'latency', function: 'stock' },
      { kind: 'latency', function: 'orders', ...more },
    ]);
    const { document, left } = exported(experiment, 'fis', ACCOUNT);
    expect(Object.keys((document as FisTemplate).actions)).toEqual(['latency-stock']);
    expect(left.join('\n')).toContain(why);
  });

  it('keeps names, descriptions and counts within what the service allows', () => {
    const long = experimentOf([{ kind: 'latency', function: `f${'x'.repeat(200)}` }], { title: 'ü'.repeat(900) });
    expect(fisTemplateSchema.safeParse(exported(long, 'fis', ACCOUNT).document).error).toBeUndefined();
    const many = experimentOf(Array.from({ length: 21 }, () => ({ kind: 'latency', function: 'stock' })));
    expect(() => exported(many, 'fis', ACCOUNT)).toThrow('it takes 21 actions');
  });

  it('refuses an experiment that leaves nothing', () => {
    expect(() => exported(fault({ kind: 'network' }), 'fis', ACCOUNT)).toThrow('none of its faults is one of AWS FIS');
  });
});

function target(name: string): object {
  return {
    resourceType: 'aws:lambda:function',
    resourceArns: [`arn:aws:lambda:eu-west-1:123456789012:function:${name}`],
    selectionMode: 'ALL',
  };
}
