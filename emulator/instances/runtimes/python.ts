import path from 'node:path';
import { ChannelLink } from '../channel.js';
import type { RuntimeKind } from './types.js';

/** Python handlers run where they are. */
export const python: RuntimeKind = {
  debugger: 'debugpy',
  reads: (_handler, file) => file.endsWith('.py'),
  build: ({ function: fn, root, pythonPath, runtimesDir }) =>
    Promise.resolve({
      // -B: byte code is checked by whole seconds, so a handler saved twice in one second would be served stale.
      launch: {
        command: pythonPath,
        args: ['-B', path.join(runtimesDir, 'python-bootstrap.py'), fn.file, fn.export, root],
      },
      connect: (options, events) => new ChannelLink(options, events),
      inPlace: true,
      dispose: () => Promise.resolve(),
    }),
};
