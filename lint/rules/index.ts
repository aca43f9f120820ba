import type { Rule } from '../rule.js';
import { callbackErrorIgnored } from './callback-error-ignored.js';
import { floatingPromise } from './floating-promise.js';
import { missingTimeout } from './missing-timeout.js';
import { processExit } from './process-exit.js';
import { proxyCallbackError } from './proxy-callback-error.js';
import { swallowedError } from './swallowed-error.js';
import { throwInCallback } from './throw-in-callback.js';
import { unhandledIo } from './unhandled-io.js';

/** Every rule there is; a new one is a file and a line here. */
export const rules = {
  'callback-error-ignored': callbackErrorIgnored,
  'floating-promise': floatingPromise,
  'missing-timeout': missingTimeout,
  'process-exit': processExit,
  'proxy-callback-error': proxyCallbackError,
  'swallowed-error': swallowedError,
  'throw-in-callback': throwInCallback,
  'unhandled-io': unhandledIo,
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;
