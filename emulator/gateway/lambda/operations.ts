import type { Operation } from './call.js';
import { invoke, invokeAsync } from './invoke.js';
import { invokeWithResponseStream } from './invoke-stream.js';
import * as functions from './read-functions.js';
import * as limits from './read-limits.js';
import * as ways from './read-ways.js';
import { writeCalls } from './write-calls.js';

/** Every operation that is served: another one is its file's export and a line here. Those called most are first. */
export const operations: readonly Operation[] = [
  invoke,
  invokeWithResponseStream,
  invokeAsync,
  functions.listFunctions,
  functions.getFunction,
  functions.getFunctionConfiguration,
  functions.listVersionsByFunction,
  functions.listAliases,
  functions.getAlias,
  limits.getFunctionConcurrency,
  limits.getProvisionedConcurrencyConfig,
  limits.getAccountSettings,
  ways.getFunctionUrlConfig,
  ways.listFunctionUrlConfigs,
  ways.getFunctionEventInvokeConfig,
  ways.listFunctionEventInvokeConfigs,
  ways.listEventSourceMappings,
  ways.getEventSourceMapping,
  ways.listTags,
  ...writeCalls,
];
