import { describe, expect, it } from 'vitest';
import { imported, importedValue } from '../foreign/fixture.js';

const experiment = (more: object) => ({ version: '1.0.0', title: 'x', description: 'x', method: [], ...more });

const python = (module: string, func: string, given: object, more: object = {}) => ({
  type: 'action',
  name: func,
  provider: { type: 'python', module, func, arguments: given },
  ...more,
});

const throttle = (more: object = {}, name = 'stock') =>
  python(
    'chaosaws.awslambda.actions',
    'put_function_concurrency',
    { function_name: name, concurrent_executions: 0 },
    more,
  );

const unthrottle = (more: object = {}) =>
  python('chaosaws.awslambda.actions', 'delete_function_concurrency', { function_name: 'stock' }, more);

const probe = (tolerance: unknown, provider: object = {}) => ({
  'steady-state-hypothesis': {
    title: 'x',
    probes: [
      { type: 'probe', name: 'p', tolerance, provider: { type: 'http', url: 'http://localhost/orders', ...provider } },
    ],
  },
  method: [throttle()],
});

const process = (path: string, given: unknown) => ({
  type: 'action',
  name: path,
  provider: { type: 'process', path, arguments: given },
});

describe('chaostoolkit', () => {
  it('makes the hypothesis the steady state and what must hold during, and the method a timeline', () => {
    const probes = [
      { name: 'stock-has-apples', http: 'GET /stock/apple', expect: { body: { '$.left': 3 } } },
      { name: 'disk-is-there', process: { command: 'test', args: ['-d', '/tmp'] }, expect: { exitCode: 0 } },
    ];
    expect(imported('orders.chaos.json').experiment).toEqual({
      title: 'Orders survive a stock that is throttled',
      description: 'Reserved concurrency of stock goes to zero for half a minute.',
      target: {
        request: 'POST /orders',
        headers: { 'Content-Type': 'application/json', 'x-api-key': '${api_key}' },
        body: { sku: 'apple', quantity: 2 },
      },
      load: { rate: 10, for: '37s' },
      steadyState: { status: [201, 202], thresholds: { latency: ['max<3000'] }, probes },
      faults: [{ kind: 'throttle', function: 'stock', params: { perSecond: 0 }, at: '2s' }],
      during: {
        status: [201, 202],
        thresholds: { latency: ['max<3000'] },
        probes: [...probes, { ...probes[0], at: '32s' }],
      },
    });
  });

  it('lists every activity that it could not carry over', () => {
    expect(imported('orders.chaos.json').told).toEqual(
      [
        'controls: is how the Chaos Toolkit runs it',
        'probes[0].provider.url: abc123.execute-api.eu-west-1.amazonaws.com is not called: the gateway is, and without the stage /prod',
        'probes[0].provider.headers.x-api-key: ${api_key} is a secret, and a secret is not written to a file',
        'probes[2]: chaosaws.cloudwatch.probes.get_alarm_state_value is Python',
        'method[2]: a probe without a tolerance checks nothing',
        'method[3]: the template EXT6oWVA1WrLNy4XS is in the account',
        'method[4]: runs fallocate; faults touch only what the emulator has started',
      ].map((text) => expect.stringContaining(text) as string),
    );
  });

  it('reads YAML, and what others drive through it: Toxiproxy and LocalStack', () => {
    const { experiment: read, told } = imported('redis.chaos.yaml');
    expect(read.faults).toEqual([
      {
        kind: 'bandwidth',
        params: { kilobytesPerSecond: 16, hosts: ['127.0.0.1:6379'], direction: 'down' },
        for: '4s',
      },
      { kind: 'http', params: { service: 'dynamodb', status: 400, errorCode: 'ThrottlingException' }, at: '4s' },
    ]);
    expect(read.steadyState.status).toContain(204);
    expect(told).toEqual([expect.stringContaining('localhost:3000 is not called: the gateway is')]);
  });

  it('fills in the configuration, from the environment where it says so; a reference alone keeps its type', () => {
    const value = experiment({
      configuration: {
        host: { type: 'env', key: 'HOST_URL', default: 'http://localhost' },
        code: 204,
        url: '${host}/orders',
        vault: { type: 'vault', key: 'x' },
      },
      ...probe('${code}', { url: '${url}?v=${vault}' }),
    });
    const { experiment: read, told } = importedValue(value, { env: { HOST_URL: 'http://127.0.0.1:9/v2' } });
    expect(read.target).toMatchObject({ request: expect.stringMatching(/^GET \/v2\/orders\?v=/) as string });
    expect(read.steadyState).toEqual({ status: 204 });
    expect(told.join('\n')).toContain('${vault} has no value');
  });

  it.each([
    [201, { status: 201 }],
    [[200, 204], { status: [200, 204] }],
    [{ type: 'range', range: [201, 203] }, { status: [201, 202, 203] }],
    [{ type: 'regex', pattern: '^20[12]$', target: 'status' }, { status: [201, 202] }],
  ])('a tolerance of %j is a status of every answer', (tolerance, expected) => {
    const { experiment: read, told } = importedValue(experiment(probe(tolerance)));
    expect(read.steadyState).toEqual(expected);
    expect(told).toHaveLength(1);
  });

  it.each([
    [{ type: 'regex', pattern: 'ok', target: 'body' }, { text: { regex: 'ok' } }],
    [{ type: 'jsonpath', path: '$.items[0].sku', expect: 'a', target: 'body' }, { body: { '$.items[0].sku': 'a' } }],
    [{ type: 'jsonpath', path: 'left', count: 1 }, { body: { '$.left': { exists: true } } }],
    [{ type: 'jsonpath', path: '$.error', count: 0 }, { body: { '$.error': { exists: false } } }],
  ])('a tolerance of %j is a probe beside the calls', (tolerance, expected) => {
    const { experiment: read } = importedValue(experiment(probe(tolerance)));
    expect(read.steadyState).toEqual({ probes: [{ name: 'p', http: 'GET /orders', expect: expected }] });
  });

  it.each([
    ['OK', 'is no status'],
    [true, 'is no status'],
    [{ type: 'probe', provider: {} }, 'is a program of its own'],
    [{ type: 'jsonpath', path: '$.foo.*[?(@.baz)].baz', expect: ['x'], target: 'body' }, 'picks more than one place'],
    [{ type: 'jsonpath', path: '$.a', expect: ['x', 'y'] }, 'one place has one value'],
    [{ type: 'regex', pattern: '(?P<x>a)', target: 'body' }, 'one of Python'],
    [{ type: 'range', range: [7, 9] }, 'no HTTP status lies in'],
  ])('a tolerance of %j is told, and that no request fails is expected', (tolerance, why) => {
    const { experiment: read, told } = importedValue(experiment(probe(tolerance)));
    expect(read.steadyState).toEqual({ errorShare: { max: 0 } });
    expect(told.join('\n')).toContain(why);
  });

  it('adds up pauses, those of activities in the background excepted, and sleeping processes', () => {
    const { experiment: read } = importedValue(
      experiment({
        method: [
          throttle({ pauses: { before: 1, after: 2 } }),
          process('sleep', '3'),
          throttle({ background: true, pauses: { before: 4 } }, 'orders'),
          unthrottle({ pauses: { after: 1 } }),
        ],
      }),
      { target: 'orders' },
    );
    expect(read.faults).toEqual([
      { kind: 'throttle', function: 'stock', params: { perSecond: 0 }, at: '1s', for: '5s' },
      { kind: 'throttle', function: 'orders', params: { perSecond: 0 }, at: '10s' },
    ]);
    expect(read.load?.for).toBe('15s');
  });

  it('tells of a fault that is undone at once', () => {
    const more = { method: [throttle(), unthrottle(), throttle({}, 'orders')] };
    const { experiment: read, told } = importedValue(experiment(more), { target: 'orders' });
    expect(read.faults).toHaveLength(1);
    expect(told).toEqual([expect.stringContaining('method[0]: is undone at once')]);
  });

  it('calls the function that an action invokes, when nothing else says what to call', () => {
    const invoke = (name: string) =>
      python('chaosaws.awslambda.actions', 'invoke_function', { function_name: name, function_arguments: { a: 1 } });
    const { experiment: read, told } = importedValue(
      experiment({ method: [throttle(), invoke('orders'), invoke('stock')] }),
    );
    expect(read.target).toEqual({ invoke: 'orders', event: { a: 1 } });
    expect(told).toEqual([expect.stringContaining('method[2]: one function is called over and over')]);
  });

  it.each([
    ['put_function_timeout', 'changes the timeout of stock'],
    ['put_function_memory_size', 'changes the memory of stock'],
    ['toggle_event_source_mapping_state', 'switches a queue’s mapping'],
  ])('%s is told with what to do instead', (func, why) => {
    const action = python('chaosaws.awslambda.actions', func, { function_name: 'stock' });
    const { told } = importedValue(experiment({ method: [throttle(), action] }), { target: 'orders' });
    expect(told).toEqual([expect.stringContaining(why)]);
  });

  it.each([
    [process('kill', ['-9', '1']), 'runs kill'],
    [python('chaosk8s.pod.actions', 'terminate_pods', {}), 'chaosk8s.pod.actions.terminate_pods has no counterpart'],
    [
      { type: 'action', name: 'a', provider: { type: 'http', url: 'http://x/y', method: 'POST' } },
      'POST http://x/y is a',
    ],
    [{ type: 'action', name: 'a', provider: { type: 'ssh' } }, 'a provider of type ssh is unknown'],
    [{ type: 'action', name: 'a' }, 'has no provider'],
    [{ ref: 'nobody' }, 'there is no activity "nobody"'],
    [python('chaostoxi.proxy.actions', 'disable_proxy', { proxy_name: 'redis' }), 'where the proxy redis leads to'],
  ])('an action %j is listed', (action, why) => {
    const { told } = importedValue(experiment({ method: [throttle(), action] }), { target: 'orders' });
    expect(told.join('\n')).toContain(why);
  });

  it('refuses a document without a fault, and one that is not as the format has it', () => {
    const fails = (value: object) => () => importedValue(value, { target: 'orders' });
    expect(fails(experiment({ method: [process('kill', [])] }))).toThrow('no fault of this Chaos Toolkit experiment');
    expect(fails(experiment({ method: [{ type: 'action', pauses: { after: -1 } }] }))).toThrow(
      'method[0].pauses.after',
    );
  });
});
