import type { FunctionConfig, QueueSourceConfig, RetryConfig } from '../../contract/config.js';
import { read, type Call, type LambdaApi } from './call.js';
import { destinationArn, queueArn } from './describe.js';
import { functionArn } from '../../dispatch/types.js';
import { noSuchResource, resourceNotFound } from './errors.js';
import { LATEST, parseFunctionName, qualifiedArn, reference } from './names.js';
import { page } from './paging.js';
import { stableUuid } from './revisions.js';

/** Ways in and out of functions: URLs, queues, what becomes of asynchronous invocations. And their tags, which are none. */

/** Items of a page at most [D]. */
const PAGE = 50;
const MAPPINGS_PAGE = 100;

export const getFunctionUrlConfig = read('GetFunctionUrlConfig', '/2021-10-31/functions/{FunctionName}/url', (call) => {
  const qualifier = call.query.get('Qualifier') ?? undefined;
  const asked = reference(call.param('FunctionName'), qualifier, 'GetFunctionUrlConfig');
  const url = asked.qualifier === undefined ? urlConfig(call.api, asked.name) : undefined;
  if (!url) throw noSuchResource();
  return url;
});

export const listFunctionUrlConfigs = read(
  'ListFunctionUrlConfigs',
  '/2021-10-31/functions/{FunctionName}/urls',
  (call) => {
    const { name } = reference(call.param('FunctionName'), undefined, 'ListFunctionUrlConfigs');
    if (!call.api.dispatcher.has(name)) throw resourceNotFound('Function does not exist');
    const url = urlConfig(call.api, name);
    const { items, next } = page(url ? [url] : [], call.query, PAGE);
    return { FunctionUrlConfigs: items, ...next };
  },
);

function urlConfig(api: LambdaApi, name: string): object | undefined {
  const config = api.functions(name);
  const url = api.functionUrl(name);
  if (!config?.url || url === undefined) return undefined;
  const at = new Date(api.revisions.of(config).at).toISOString();
  return {
    FunctionUrl: url,
    FunctionArn: functionArn(name),
    AuthType: 'NONE',
    InvokeMode: config.url.mode === 'stream' ? 'RESPONSE_STREAM' : 'BUFFERED',
    CreationTime: at,
    LastModifiedTime: at,
  };
}

/** What a function has that configures nothing: the service says then that there is no such config [R]. */
const DEFAULT_ATTEMPTS = 2;
const DEFAULT_MAX_AGE_MS = 21_600_000;

export const getFunctionEventInvokeConfig = read(
  'GetFunctionEventInvokeConfig',
  '/2019-09-25/functions/{FunctionName}/event-invoke-config',
  (call) => {
    const qualifier = call.query.get('Qualifier') ?? undefined;
    const asked = reference(call.param('FunctionName'), qualifier, 'GetFunctionEventInvokeConfig');
    const version = asked.qualifier ?? LATEST;
    const config = version === LATEST ? eventInvokeConfig(call.api, asked.name) : undefined;
    if (config) return config;
    const arn = qualifiedArn({ name: asked.name, qualifier: version });
    throw resourceNotFound(`The function ${arn} doesn't have an EventInvokeConfig`);
  },
);

export const listFunctionEventInvokeConfigs = read(
  'ListFunctionEventInvokeConfigs',
  '/2019-09-25/functions/{FunctionName}/event-invoke-config/list',
  (call) => {
    const { name } = reference(call.param('FunctionName'), undefined, 'ListFunctionEventInvokeConfigs');
    if (!call.api.dispatcher.has(name)) throw resourceNotFound("The function doesn't exist.");
    const config = eventInvokeConfig(call.api, name);
    const { items, next } = page(config ? [config] : [], call.query, PAGE);
    return { FunctionEventInvokeConfigs: items, ...next };
  },
);

function eventInvokeConfig(api: LambdaApi, name: string): object | undefined {
  const config = api.functions(name);
  if (!config || isDefault(config.retries)) return undefined;
  const { attempts, maxAgeMs, onSuccess, onFailure } = config.retries;
  return {
    LastModified: api.revisions.of(config).at / 1_000,
    FunctionArn: qualifiedArn({ name, qualifier: LATEST }),
    MaximumRetryAttempts: attempts,
    MaximumEventAgeInSeconds: Math.round(maxAgeMs / 1_000),
    DestinationConfig: {
      OnSuccess: onSuccess ? { Destination: destinationArn(onSuccess) } : {},
      OnFailure: onFailure ? { Destination: destinationArn(onFailure) } : {},
    },
  };
}

function isDefault({ attempts, maxAgeMs, onSuccess, onFailure }: RetryConfig): boolean {
  return attempts === DEFAULT_ATTEMPTS && maxAgeMs === DEFAULT_MAX_AGE_MS && !onSuccess && !onFailure;
}

const MAPPINGS = '/2015-03-31/event-source-mappings';

export const listEventSourceMappings = read('ListEventSourceMappings', MAPPINGS, (call) => {
  const name = call.query.get('FunctionName');
  const source = call.query.get('EventSourceArn');
  const only = name === null ? undefined : reference(name, undefined, 'ListEventSourceMappings').name;
  const all = mappings(call).filter(
    ({ config, queue }) =>
      (only === undefined || config.name === only) && (source === null || queueArn(queue.queue) === source),
  );
  const { items, next } = page(all, call.query, MAPPINGS_PAGE);
  return { EventSourceMappings: items.map((one) => describedMapping(call.api, one)), ...next };
});

export const getEventSourceMapping = read('GetEventSourceMapping', `${MAPPINGS}/{UUID}`, (call) => {
  const found = mappings(call).find((one) => mappingId(one) === call.param('UUID'));
  if (!found) throw noSuchResource();
  return describedMapping(call.api, found);
});

interface Mapping {
  readonly config: FunctionConfig;
  readonly queue: QueueSourceConfig;
}

function mappings({ api }: Call): Mapping[] {
  return api.dispatcher.names().flatMap((name) => {
    const config = api.functions(name);
    return config ? config.queues.map((queue) => ({ config, queue })) : [];
  });
}

/** By what it maps, so that it is the same in the next run. */
function mappingId({ config, queue }: Mapping): string {
  return stableUuid(`event source mapping\n${queue.queue}\n${config.name}`);
}

/** A queue's mapping as the service describes it [R]. */
function describedMapping(api: LambdaApi, mapping: Mapping): object {
  const { config, queue } = mapping;
  const uuid = mappingId(mapping);
  return {
    UUID: uuid,
    EventSourceMappingArn: functionArn('').replace(/function:$/, `event-source-mapping:${uuid}`),
    EventSourceArn: queueArn(queue.queue),
    FunctionArn: functionArn(config.name),
    BatchSize: queue.batchSize,
    MaximumBatchingWindowInSeconds: Math.round(queue.windowMs / 1_000),
    FunctionResponseTypes: queue.partialResponses ? ['ReportBatchItemFailures'] : [],
    ...(queue.maxConcurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency: queue.maxConcurrency } }),
    State: queue.enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    LastModified: api.revisions.of(config).at / 1_000,
  };
}

/** Nothing here has tags; what there is to have them is checked. */
export const listTags = read('ListTags', '/2017-03-31/tags/{Resource}', (call) => {
  const arn = call.param('Resource');
  const mapping = /:event-source-mapping:([0-9a-f-]+)$/.exec(arn)?.[1];
  const name = parseFunctionName(arn)?.name ?? '';
  const there =
    mapping === undefined ? call.api.dispatcher.has(name) : mappings(call).some((m) => mappingId(m) === mapping);
  if (!there)
    throw resourceNotFound(`${mapping === undefined ? 'Function' : 'Event source mapping'} not found: ${arn}`);
  return { Tags: {} };
});
