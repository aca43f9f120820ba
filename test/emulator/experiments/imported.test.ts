import { expect, it } from 'vitest';
import { testIo } from '../../../emulator/cli/fixture.js';
import { runCli } from '../../../emulator/cli/run.js';
import { createWorkspace } from '../../support/workspace.js';

/** Documents of other tools, run as they are. */

const FIS = {
  description: 'Orders survive a stock that fails',
  targets: {
    stock: {
      resourceType: 'aws:lambda:function',
      resourceArns: ['arn:aws:lambda:eu-west-1:123456789012:function:stock'],
      selectionMode: 'ALL',
    },
  },
  actions: {
    down: {
      actionId: 'aws:lambda:invocation-http-integration-response',
      parameters: { duration: 'PT1S', statusCode: '503', contentTypeHeader: 'text/plain', preventExecution: 'true' },
      targets: { Functions: 'stock' },
    },
    stop: { actionId: 'aws:ec2:stop-instances', parameters: {}, targets: { Instances: 'all' } },
  },
  stopConditions: [{ source: 'none' }],
  roleArn: 'arn:aws:iam::123456789012:role/fis',
};

const CHAOS = {
  title: 'Stock answers',
  'steady-state-hypothesis': {
    title: 'It does',
    probes: [
      {
        type: 'probe',
        name: 'stock',
        tolerance: 200,
        provider: { type: 'http', url: 'https://abc.execute-api.eu-west-1.amazonaws.com/prod/stock' },
      },
    ],
  },
  method: [
    {
      type: 'action',
      name: 'throttle',
      provider: {
        type: 'python',
        module: 'chaosaws.awslambda.actions',
        func: 'put_function_concurrency',
        arguments: { function_name: 'stock', concurrent_executions: 0 },
      },
      pauses: { after: 1 },
    },
  ],
};

it('runs an AWS FIS template and a Chaos Toolkit experiment at once, and says what it left out', async () => {
  await using workspace = await createWorkspace({
    'faultline.yaml': 'functions:\n  stock: { handler: stock.handler, events: [{ http: GET /stock }] }\n',
    'stock.mjs': 'export const handler = async () => ({ left: 3 });\n',
    'fis.json': JSON.stringify(FIS, null, 2),
    'chaos.json': JSON.stringify(CHAOS, null, 2),
  });
  const io = testIo({ cwd: workspace.root });
  const exitCode = await runCli(['test', 'fis.json', 'chaos.json', '--seed', '7'], io);
  expect(io.err).toMatch(/^not carried over: fis\.json:\d+:\d+, actions\.stop: aws:ec2:stop-instances breaks/m);
  // The template expects nothing while the fault is on; the toolkit's hypothesis is held then, and a throttled stock fails it.
  expect(io.out).toContain('status-1 hit');
  expect(io.out).toMatch(/✗ status 200, measured/);
  expect(io.out).toMatch(/1 failed/);
  expect(io.out).toMatch(/1 passed/);
  expect(exitCode).toBe(1);
}, 60_000);
