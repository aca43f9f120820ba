import type { BalancingPolicyName } from '../contract/config.js';
import { p2c } from './p2c.js';
import { roundRobin } from './round-robin.js';
import type { PolicyKind } from './types.js';

/**
 * Every policy there is, under the name that the config uses: one file and one line each. Keyed by the config's
 * names, so that the two cannot differ.
 */
export const policies = {
  p2c,
  'round-robin': roundRobin,
} as const satisfies Record<BalancingPolicyName, PolicyKind>;
