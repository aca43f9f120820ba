import type { Rule } from '../rule.js';
import { floatingPromise } from './floating-promise.js';
import { missingTimeout } from './missing-timeout.js';
import { swallowedError } from './swallowed-error.js';
import { unhandledIo } from './unhandled-io.js';

/** Every rule there is; a new one is a file and a line here. */
export const rules = {
  'floating-promise': floatingPromise,
  'missing-timeout': missingTimeout,
  'swallowed-error': swallowedError,
  'unhandled-io': unhandledIo,
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;
