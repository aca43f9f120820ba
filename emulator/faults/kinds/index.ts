import type { FaultKind } from '../types.js';
import { bandwidth } from './bandwidth.js';
import { body } from './body.js';
import { clock } from './clock.js';
import { coldStart } from './cold-start.js';
import { cpu } from './cpu.js';
import { crash } from './crash.js';
import { cut } from './cut.js';
import { descriptors } from './descriptors.js';
import { disk } from './disk.js';
import { duplicate } from './duplicate.js';
import { exception } from './exception.js';
import { hang } from './hang.js';
import { http } from './http.js';
import { late } from './late.js';
import { init } from './init.js';
import { killer } from './killer.js';
import { latency } from './latency.js';
import { lost } from './lost.js';
import { memory } from './memory.js';
import { network } from './network.js';
import { poison } from './poison.js';
import { reordered } from './reordered.js';
import { slicer } from './slicer.js';
import { status } from './status.js';
import { throttle } from './throttle.js';

/** Every kind of fault there is: one file, one line, a test beside it and a page in docs/faults. */
export const kinds = {
  latency,
  exception,
  status,
  body,
  hang,
  crash,
  cpu,
  descriptors,
  memory,
  disk,
  clock,
  network,
  http,
  throttle,
  duplicate,
  lost,
  late,
  reordered,
  poison,
  bandwidth,
  slicer,
  cut,
  'cold-start': coldStart,
  init,
  killer,
} as const satisfies Record<string, FaultKind>;
