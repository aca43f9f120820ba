import type { Runtime } from '../../contract/config.js';
import { node } from './node.js';
import { provided } from './provided.js';
import { python } from './python.js';
import type { RuntimeKind } from './types.js';

/** A new runtime is one file, its bootstrap, and one line here. */
export const runtimes = { node, python, provided } as const satisfies Record<Runtime, RuntimeKind>;
