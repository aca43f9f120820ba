import {
  CreateFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvalidParameterValueException,
  LambdaClient,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListFunctionEventInvokeConfigsCommand,
  ListFunctionsCommand,
  ListFunctionUrlConfigsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  paginateListFunctions,
  PublishVersionCommand,
  ResourceNotFoundException,
  UpdateFunctionCodeCommand,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from './harness.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;
const idle = (): unknown => undefined;

let started: Awaited<ReturnType<typeof startGateway>>;
let client: LambdaClient;

beforeAll(async () => {
  started = await startGateway({ plain: idle, rich: idle, mute: idle }, [], {
    clock: new VirtualClock(),
    runtimeName: (name) => (name === 'rich' ? 'nodejs22.x' : undefined),
    concurrency: () => 500,
    configs: {
      rich: {
        description: 'has everything',
        timeoutMs: 2_500,
        memoryMb: 256,
        tmpMb: 1_024,
        environment: { TABLE: 'orders', API_KEY: 'secret' },
        tracing: 'active',
        aliases: ['live', 'next'],
        reserved: 20,
        provisioned: 3,
        deadLetter: { type: 'queue', name: 'dead' },
        url: { mode: 'stream' },
        retries: { attempts: 1, maxAgeMs: 60_000, onFailure: { type: 'function', name: 'plain' } },
        queues: [
          { queue: 'jobs', batchSize: 5, windowMs: 2_000, partialResponses: true, maxConcurrency: 2, enabled: true },
          { queue: 'more', batchSize: 10, windowMs: 0, partialResponses: false, enabled: false },
        ],
      },
    },
  });
  client = new LambdaClient({
    endpoint: started.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await started.gateway.close();
});

describe('functions', () => {
  it('are listed', async () => {
    const { Functions = [], NextMarker } = await client.send(new ListFunctionsCommand());
    expect([Functions.map((one) => one.FunctionName), NextMarker]).toEqual([['plain', 'rich', 'mute'], undefined]);
    // Recorded: a list has no states.
    expect(Functions[0]).not.toHaveProperty('State');
    expect(Functions[0]?.FunctionArn).toBe(`${ARN}plain`);
    const all = await client.send(new ListFunctionsCommand({ FunctionVersion: 'ALL' }));
    expect(all.Functions?.[0]).toMatchObject({ FunctionArn: `${ARN}plain:$LATEST`, Version: '$LATEST' });
  });

  it('are listed in pages', async () => {
    const pages: (string | undefined)[][] = [];
    for await (const { Functions = [] } of paginateListFunctions({ client, pageSize: 2 }, {})) {
      pages.push(Functions.map((one) => one.FunctionName));
    }
    expect(pages).toEqual([['plain', 'rich'], ['mute']]);
  });

  it.each([
    [{ Marker: 'nonsense' }, 'InvalidParameterValueException'],
    [{ MaxItems: 0 }, 'ValidationException'],
    [{ MaxItems: 10_001 }, 'ValidationException'],
    [{ FunctionVersion: 'SOME' as 'ALL' }, 'ValidationException'],
  ])('are not listed by %o', async (input, name) => {
    await expect(client.send(new ListFunctionsCommand(input))).rejects.toMatchObject({ name });
  });

  it('are described as they are configured', async () => {
    const { $metadata: _metadata, ...config } = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'rich' }),
    );
    expect(config).toEqual({
      FunctionName: 'rich',
      FunctionArn: `${ARN}rich`,
      Runtime: 'nodejs22.x',
      Role: 'arn:aws:iam::000000000000:role/faultline',
      Handler: 'rich.handler',
      CodeSize: 0,
      Description: 'has everything',
      Timeout: 3,
      MemorySize: 256,
      LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
      CodeSha256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      Version: '$LATEST',
      Environment: { Variables: { TABLE: '****', API_KEY: '****' } },
      TracingConfig: { Mode: 'Active' },
      RevisionId: expect.stringMatching(UUID),
      PackageType: 'Zip',
      Architectures: [expect.stringMatching(/^(x86_64|arm64)$/)],
      EphemeralStorage: { Size: 1_024 },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/rich' },
      DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
      State: 'Active',
      LastUpdateStatus: 'Successful',
    });
  });

  it('never show the values of their environment', async () => {
    for (const path of ['', '/rich', '/rich/configuration', '/rich/versions']) {
      const text = await (await fetch(`${started.url}/2015-03-31/functions${path}`)).text();
      expect(text).toContain('API_KEY');
      expect(text).not.toContain('secret');
    }
  });

  it('are the same at every look', async () => {
    const look = () => client.send(new GetFunctionConfigurationCommand({ FunctionName: 'plain' }));
    const [one, two] = [await look(), await look()];
    expect([one.RevisionId, one.LastModified, one.CodeSha256]).toEqual([
      two.RevisionId,
      two.LastModified,
      two.CodeSha256,
    ]);
    expect(one.Runtime).toBe('nodejs20.x');
  });

  it.each([
    [undefined, ''],
    ['$LATEST', ':$LATEST'],
    ['live', ':live'],
  ])('have the qualifier %s in their ARN', async (Qualifier, suffix) => {
    const input = { FunctionName: 'rich', ...(Qualifier === undefined ? {} : { Qualifier }) };
    const { Configuration, Code, Concurrency } = await client.send(new GetFunctionCommand(input));
    expect(Configuration?.FunctionArn).toBe(`${ARN}rich${suffix}`);
    expect([Code, Concurrency]).toEqual([{ RepositoryType: 'S3' }, { ReservedConcurrentExecutions: 20 }]);
    expect((await client.send(new GetFunctionConfigurationCommand(input))).FunctionArn).toBe(`${ARN}rich${suffix}`);
  });

  it('that are not there are 404, in the words of reads', async () => {
    const missing = await client.send(new GetFunctionCommand({ FunctionName: 'nope' })).catch((e: unknown) => e);
    expect(missing).toBeInstanceOf(ResourceNotFoundException);
    expect(missing).toMatchObject({ message: `Function not found: ${ARN}nope` });
    await expect(
      client.send(new GetFunctionConfigurationCommand({ FunctionName: 'plain', Qualifier: '1221' })),
    ).rejects.toMatchObject({ message: `Function not found: ${ARN}plain:1221` });
    await expect(client.send(new GetFunctionConcurrencyCommand({ FunctionName: 'nope' }))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
  });

  it('are active at once, as waiters see it', async () => {
    const waited = await waitUntilFunctionActiveV2({ client, maxWaitTime: 5 }, { FunctionName: 'plain' });
    expect(waited.state).toBe('SUCCESS');
  });

  it('have one version and their aliases', async () => {
    const { Versions = [] } = await client.send(new ListVersionsByFunctionCommand({ FunctionName: 'rich' }));
    expect(Versions.map((one) => [one.Version, one.FunctionArn])).toEqual([['$LATEST', `${ARN}rich:$LATEST`]]);
    const { Aliases = [] } = await client.send(new ListAliasesCommand({ FunctionName: 'rich' }));
    expect(Aliases.map((one) => one.Name)).toEqual(['live', 'next']);
    const none = await client.send(new ListAliasesCommand({ FunctionName: 'rich', FunctionVersion: '7' }));
    expect(none.Aliases).toEqual([]);
    const { $metadata: _metadata, ...alias } = await client.send(
      new GetAliasCommand({ FunctionName: 'rich', Name: 'live' }),
    );
    expect(alias).toEqual({
      AliasArn: `${ARN}rich:live`,
      Name: 'live',
      FunctionVersion: '$LATEST',
      Description: '',
      RevisionId: expect.stringMatching(UUID),
    });
    await expect(client.send(new GetAliasCommand({ FunctionName: 'plain', Name: 'live' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Cannot find alias arn: ${ARN}plain:live`,
    });
  });

  it('have no tags', async () => {
    expect((await client.send(new ListTagsCommand({ Resource: `${ARN}plain` }))).Tags).toEqual({});
    await expect(client.send(new ListTagsCommand({ Resource: `${ARN}nope` }))).rejects.toMatchObject({
      message: `Function not found: ${ARN}nope`,
    });
  });
});

describe('concurrency', () => {
  it('is reserved or not', async () => {
    const of = async (FunctionName: string) => {
      const reply = await client.send(new GetFunctionConcurrencyCommand({ FunctionName }));
      return reply.ReservedConcurrentExecutions;
    };
    expect([await of('rich'), await of('plain')]).toEqual([20, undefined]);
  });

  it('is provisioned on aliases', async () => {
    const get = (FunctionName: string, Qualifier: string) =>
      client.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
    expect(await get('rich', 'live')).toMatchObject({
      RequestedProvisionedConcurrentExecutions: 3,
      AvailableProvisionedConcurrentExecutions: 3,
      AllocatedProvisionedConcurrentExecutions: 3,
      Status: 'READY',
    });
    await expect(get('rich', '$LATEST')).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'The function resource provided must be an alias or a published version.',
    });
    await expect(get('rich', 'nope')).rejects.toMatchObject({
      message: `Cannot find alias arn: ${ARN}rich:nope`,
    });
    await expect(get('rich', '10')).rejects.toMatchObject({ message: `Function not found: ${ARN}rich:10` });
    const { ProvisionedConcurrencyConfigs = [] } = await client.send(
      new ListProvisionedConcurrencyConfigsCommand({ FunctionName: 'rich' }),
    );
    expect(ProvisionedConcurrencyConfigs.map((one) => one.FunctionArn)).toEqual([`${ARN}rich:live`, `${ARN}rich:next`]);
  });

  it('is not provisioned otherwise', async () => {
    const none = await startGateway({ f: idle }, [], { configs: { f: { aliases: ['live'] } } });
    const reply = await fetch(`${none.url}/2019-09-30/functions/f/provisioned-concurrency?Qualifier=live`);
    expect([reply.status, reply.headers.get('x-amzn-errortype'), await reply.text()]).toEqual([
      404,
      'ProvisionedConcurrencyConfigNotFoundException',
      '{"Type":"User","message":"No Provisioned Concurrency Config found for this function"}',
    ]);
    await none.gateway.close();
  });

  it('of the account', async () => {
    const { AccountLimit, AccountUsage } = await client.send(new GetAccountSettingsCommand());
    expect(AccountLimit).toMatchObject({ ConcurrentExecutions: 500, UnreservedConcurrentExecutions: 480 });
    expect(AccountUsage?.FunctionCount).toBe(3);
  });
});

describe('ways in and out', () => {
  it('are URLs', async () => {
    started.gateway.setRoutes([]);
    const url = await client.send(new GetFunctionUrlConfigCommand({ FunctionName: 'rich' }));
    expect(url).toMatchObject({
      FunctionUrl: `${started.url}/_url/rich/`,
      FunctionArn: `${ARN}rich`,
      AuthType: 'NONE',
      InvokeMode: 'RESPONSE_STREAM',
    });
    expect((await fetch(url.FunctionUrl ?? '')).status).toBe(200);
    const { FunctionUrlConfigs } = await client.send(new ListFunctionUrlConfigsCommand({ FunctionName: 'plain' }));
    expect(FunctionUrlConfigs).toEqual([]);
    await expect(client.send(new GetFunctionUrlConfigCommand({ FunctionName: 'plain' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The resource you requested does not exist.',
    });
    await expect(client.send(new ListFunctionUrlConfigsCommand({ FunctionName: 'nope' }))).rejects.toMatchObject({
      message: 'Function does not exist',
    });
  });

  it('are what becomes of asynchronous invocations', async () => {
    const config = await client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: 'rich' }));
    expect(config).toMatchObject({
      FunctionArn: `${ARN}rich:$LATEST`,
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnSuccess: {}, OnFailure: { Destination: `${ARN}plain` } },
      LastModified: expect.any(Date),
    });
    const { FunctionEventInvokeConfigs } = await client.send(
      new ListFunctionEventInvokeConfigsCommand({ FunctionName: 'rich' }),
    );
    expect(FunctionEventInvokeConfigs).toHaveLength(1);
    // Recorded: what has only defaults has no config.
    for (const [FunctionName, Qualifier, arn] of [
      ['plain', '$LATEST', 'plain:$LATEST'],
      ['rich', 'live', 'rich:live'],
      ['nope', undefined, 'nope:$LATEST'],
    ] as const) {
      const input = { FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) };
      await expect(client.send(new GetFunctionEventInvokeConfigCommand(input))).rejects.toMatchObject({
        message: `The function ${ARN}${arn} doesn't have an EventInvokeConfig`,
      });
    }
  });

  it('are queues', async () => {
    const { EventSourceMappings = [] } = await client.send(
      new ListEventSourceMappingsCommand({ FunctionName: 'rich' }),
    );
    const [jobs, more] = EventSourceMappings;
    expect(jobs).toEqual({
      UUID: expect.stringMatching(UUID),
      EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${String(jobs?.UUID)}`,
      EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
      FunctionArn: `${ARN}rich`,
      BatchSize: 5,
      MaximumBatchingWindowInSeconds: 2,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
      State: 'Enabled',
      StateTransitionReason: 'USER_INITIATED',
      LastModified: expect.any(Date),
    });
    expect(more).toMatchObject({ State: 'Disabled', FunctionResponseTypes: [] });
    const one = await client.send(new GetEventSourceMappingCommand({ UUID: jobs?.UUID ?? '' }));
    expect(one.EventSourceArn).toBe(jobs?.EventSourceArn);
    const bySource = { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:more' };
    const found = await client.send(new ListEventSourceMappingsCommand(bySource));
    expect(found.EventSourceMappings?.map((mapping) => mapping.UUID)).toEqual([more?.UUID]);
    const none = await client.send(new ListEventSourceMappingsCommand({ FunctionName: 'plain' }));
    expect(none.EventSourceMappings).toEqual([]);
    await expect(client.send(new GetEventSourceMappingCommand({ UUID: 'no-such' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The resource you requested does not exist.',
    });
  });
});

describe('what would change functions', () => {
  it.each([
    ['CreateFunction', new CreateFunctionCommand({ FunctionName: 'new', Role: 'r', Code: {} })],
    ['UpdateFunctionCode', new UpdateFunctionCodeCommand({ FunctionName: 'plain' })],
    ['PublishVersion', new PublishVersionCommand({ FunctionName: 'plain' })],
    ['DeleteFunctionConcurrency', new DeleteFunctionConcurrencyCommand({ FunctionName: 'plain' })],
  ])('is refused with the place to go to: %s', async (name, command) => {
    const error = await client.send(command as PublishVersionCommand).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidParameterValueException);
    expect(error).toMatchObject({ message: expect.stringMatching(`^${name} is not served here.*faultline.yaml`) });
  });
});
