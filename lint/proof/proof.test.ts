import { describe, expect, it } from 'vitest';
import { experimentSchema } from '../../emulator/contract/experiment.js';
import type { Finding } from '../../emulator/contract/findings.js';
import type { DeployedFunction } from '../deployment.js';
import { rules } from '../rules/index.js';
import type { Rule } from '../rule.js';
import { proofOf } from './index.js';
import { shapes } from './shapes.js';

const orders: DeployedFunction = {
  name: 'orders',
  file: '/w/orders.mjs',
  export: 'handler',
  runtime: 'nodejs22.x',
  timeoutMs: 3_000,
  kinds: ['http'],
  routes: ['ANY /orders/{id}'],
};
const jobs: DeployedFunction = { ...orders, name: 'jobs', kinds: ['queue'], routes: [] };
const about = (rule: string, rest: Partial<Finding> = {}) => ({ rule, handler: 'handler', ...rest });
const first = (rule: string, rest: Partial<Finding> = {}, deployed = orders, line?: string) => {
  const attempt = proofOf(about(rule, rest), [deployed], line === undefined ? [] : [line])?.attempts[0];
  if (attempt === undefined) throw new Error('no experiment');
  return attempt;
};

describe('every shape', () => {
  it.each(Object.keys(shapes))('%s is made of experiments as their files have them', (rule) => {
    for (const deployed of [orders, jobs]) {
      const { attempts } =
        proofOf(about(rule, { dependency: { client: 'fetch', host: 'a.example.com' } }), [deployed]) ?? {};
      expect(attempts?.length).toBeGreaterThan(0);
      for (const { experiment } of attempts ?? []) {
        expect(experimentSchema.safeParse(experiment).error?.issues ?? []).toEqual([]);
        expect(JSON.parse(JSON.stringify(experiment))).toEqual(experiment);
        for (const fault of experiment.faults) expect(fault.function).toBe(deployed.name);
      }
    }
  });

  it('is there for every rule about timeouts and errors', () => {
    const all = Object.values<Rule>(rules).filter(({ meta }) => meta.group !== 'delivery');
    expect(all.map(({ meta }) => meta.id).filter((id) => !Object.hasOwn(shapes, id))).toEqual([]);
  });
});

describe('who is invoked', () => {
  it('a rule without an experiment has no proof', () => {
    expect(proofOf(about('syntax-error'), [orders])).toBeUndefined();
    expect(proofOf(about('toString'), [orders])).toBeUndefined();
  });

  it('the function whose handler it is about', () => {
    const other = { ...orders, name: 'other', export: 'other' };
    expect(proofOf(about('missing-timeout'), [other, orders])?.function).toBe('orders');
  });

  it('every function of the file, where nothing shows which of them it is about', () => {
    const other = { ...orders, name: 'other', export: 'other' };
    const { attempts } = proofOf({ rule: 'missing-timeout' }, [other, orders]) ?? {};
    expect(attempts?.map((each) => each.function)).toEqual(['other', 'orders']);
  });

  it.each([
    ['in the body of a handler', ['def helper():', '    pass', 'def handler(event, context):', '    try:'], ['orders']],
    ['in a helper', ['def handler(event, context):', '    pass', 'def helper():', '    try:'], ['other', 'orders']],
  ])('Python: %s', (_where, lines, names) => {
    const other = { ...orders, name: 'other', export: 'other' };
    const { attempts } = proofOf({ rule: 'except-or' }, [other, orders], lines) ?? {};
    expect([...new Set(attempts?.map((each) => each.function))]).toEqual(names);
  });

  it('says why there is none', () => {
    expect(proofOf(about('missing-timeout'), [])?.unprovable).toMatch(
      /no function of the configuration has its handler/,
    );
    expect(proofOf(about('missing-timeout', { handler: 'x' }), [orders])?.unprovable).toMatch(/no function .* calls x/);
  });

  it('by its route, with the places in braces filled in', () => {
    expect(first('missing-timeout').experiment.target).toEqual({ request: 'POST /orders/1', body: { id: '1' } });
    const get = { ...orders, routes: ['GET /orders/{path+}'] };
    expect(first('missing-timeout', {}, get).experiment.target).toEqual({ request: 'GET /orders/1' });
  });

  it('by an event of its kind, where nobody waits', () => {
    const { caller, experiment } = first('status-from-async-source', {}, jobs);
    expect(caller).toBe('event');
    expect(experiment.target).toMatchObject({ invoke: 'jobs', event: { Records: [{ eventSource: 'aws:sqs' }] } });
  });
});

describe('what is broken', () => {
  const faultOf = (...given: Parameters<typeof first>) => first(...given).experiment.faults[0];

  it('the host that the code names, and nothing else', () => {
    const dependency = { client: 'axios', host: 'api.example.com' };
    expect(faultOf('missing-timeout', { dependency })).toMatchObject({
      kind: 'http',
      params: { mode: 'hang', hosts: ['api.example.com'] },
    });
    expect(first('missing-timeout', { dependency }).breaks).toBe('api.example.com never answered');
  });

  it('the service of AWS, with an error that no SDK tries again', () => {
    const dependency = { client: 'aws-sdk', service: 'dynamodb' };
    expect(faultOf('unhandled-io', { dependency })?.params).toEqual({
      service: 'dynamodb',
      errorCode: 'AccessDeniedException',
    });
  });

  it('a database by its connections', () => {
    expect(faultOf('missing-timeout', { dependency: { client: 'pg' } })).toMatchObject({
      kind: 'network',
      params: { mode: 'timeout' },
    });
    expect(faultOf('unhandled-io', { dependency: { client: 'ioredis' } })?.params).toEqual({ mode: 'refused' });
  });

  it.each([
    ["if (error.code === 'NoSuchKey') return;", { errorCode: 'NoSuchKey' }],
    ['if (error.statusCode === 404) return;', { status: 404 }],
  ])('%s is given the error that it looks for', (line, params) => {
    const attempt = first('sdk-v3-error-shape', {}, orders, line);
    expect(attempt.experiment.faults[0]?.params).toEqual(params);
    expect(attempt.confirmedBy).toContain('error');
  });

  it('an error that the code does not name proves only that its status is gone', () => {
    const attempt = first('sdk-v3-error-shape', {}, orders, 'return { statusCode: error.statusCode };');
    expect(attempt.confirmedBy).toEqual(['bad-answer']);
  });
});
