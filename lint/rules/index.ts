import type { Rule } from '../rule.js';
import { awsClientDefault } from './aws-client-default.js';
import { callbackErrorIgnored } from './callback-error-ignored.js';
import { callbackMisuse } from './callback-misuse.js';
import { emitterError } from './emitter-error.js';
import { exceptOr } from './except-or.js';
import { floatingPromise } from './floating-promise.js';
import { gatewayCap } from './gateway-cap.js';
import { ineffectiveTimeout } from './ineffective-timeout.js';
import { missingTimeout } from './missing-timeout.js';
import { partialBatch } from './partial-batch.js';
import { processExit } from './process-exit.js';
import { proxyCallbackError } from './proxy-callback-error.js';
import { responseShape } from './response-shape.js';
import { sdkV3ErrorShape } from './sdk-v3-error-shape.js';
import { statusFromAsyncSource } from './status-from-async-source.js';
import { swallowedError } from './swallowed-error.js';
import { throwInCallback } from './throw-in-callback.js';
import { timeoutBudget } from './timeout-budget.js';
import { timeoutExceedsFunction } from './timeout-exceeds-function.js';
import { unboundedRetry } from './unbounded-retry.js';
import { uncheckedBatchResult } from './unchecked-batch-result.js';
import { unhandledIo } from './unhandled-io.js';
import { unsafeParse } from './unsafe-parse.js';

/** Every rule there is; a new one is a file and a line here. */
export const rules = {
  'aws-client-default': awsClientDefault,
  'callback-error-ignored': callbackErrorIgnored,
  'callback-misuse': callbackMisuse,
  'emitter-error': emitterError,
  'except-or': exceptOr,
  'floating-promise': floatingPromise,
  'gateway-cap': gatewayCap,
  'ineffective-timeout': ineffectiveTimeout,
  'missing-timeout': missingTimeout,
  'partial-batch': partialBatch,
  'process-exit': processExit,
  'proxy-callback-error': proxyCallbackError,
  'response-shape': responseShape,
  'sdk-v3-error-shape': sdkV3ErrorShape,
  'status-from-async-source': statusFromAsyncSource,
  'swallowed-error': swallowedError,
  'throw-in-callback': throwInCallback,
  'timeout-budget': timeoutBudget,
  'timeout-exceeds-function': timeoutExceedsFunction,
  'unbounded-retry': unboundedRetry,
  'unchecked-batch-result': uncheckedBatchResult,
  'unhandled-io': unhandledIo,
  'unsafe-parse': unsafeParse,
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;
