import type { FaultKind } from '../types.js';
import { cpu } from './cpu.js';
import { crash } from './crash.js';
import { descriptors } from './descriptors.js';
import { exception } from './exception.js';
import { hang } from './hang.js';
import { latency } from './latency.js';
import { network } from './network.js';
import { status } from './status.js';
import { throttle } from './throttle.js';

/** Every kind of fault there is: one file, one line, a test beside it and a page in docs/faults. */
export const kinds = {
  latency,
  exception,
  status,
  hang,
  crash,
  cpu,
  descriptors,
  network,
  throttle,
} as const satisfies Record<string, FaultKind>;
