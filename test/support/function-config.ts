import type { FunctionConfig } from '../../emulator/contract/config.js';

/** For tests: a function with every default of the config. */
export function functionConfig(given: Partial<FunctionConfig> = {}): FunctionConfig {
  return {
    name: 'counter',
    runtime: 'node',
    handler: 'counter.handler',
    file: '/workspace/counter.mjs',
    export: 'handler',
    timeoutMs: 3_000,
    memoryMb: 128,
    tmpMb: 512,
    environment: {},
    envFiles: [],
    credentials: 'fake',
    scaling: { min: 0, max: 50, idleMs: 60_000 },
    provisioned: 0,
    coldStartMs: 0,
    freeze: false,
    debug: false,
    tracing: 'passthrough',
    aliases: [],
    retries: { attempts: 2, maxAgeMs: 21_600_000 },
    balancing: 'p2c',
    routes: [],
    schedules: [],
    queues: [],
    line: 1,
    ...given,
  };
}
