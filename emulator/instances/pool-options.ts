import type { Clock } from '../clock.js';
import type { Policy } from '../balancing/types.js';
import type { FunctionConfig } from '../contract/config.js';
import type { AccountLimits } from './limits.js';
import type { Reaper } from './reaper.js';
import type { Sampler } from './sampler.js';
import type { PoolHooks } from './types.js';

export interface PoolOptions {
  readonly function: FunctionConfig;
  /** The function's variables, resolved. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the emulator itself serves what SDKs call: variables of every instance, below the function's own. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Absolute folder of the workspace: the working directory of every instance, as /var/task is on Lambda. */
  readonly root: string;
  readonly clock: Clock;
  readonly hooks: PoolHooks;
  readonly policy: Policy;
  readonly nodePath: string;
  readonly pythonPath: string;
  /** Folder of the bootstraps. */
  readonly runtimesDir: string;
  /** Where esbuild is when it is not installed beside the emulator. */
  readonly vendorDir?: string;
  readonly reaper: Reaper;
  /** Folder of the emulator's bundles; the pool uses one of its own below it, and one for each instance. */
  readonly buildDir: string;
  readonly newInstanceId: () => string;
  /** Of all functions together; without it the pool has an account of its own. */
  readonly limits?: AccountLimits;
  /** Looks at the processes of all pools; without it the pool looks at its own. */
  readonly sampler?: Sampler;
}
