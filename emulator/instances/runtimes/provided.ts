import type { RuntimeKind } from './types.js';

/** Any executable that speaks the Lambda Runtime API. */
export const provided: RuntimeKind = {
  title: 'provided',
  build({ function: fn }) {
    const [command = fn.file, ...args] = fn.command ?? [];
    return Promise.resolve({
      launch: { command, args },
      connect: () => {
        throw new Error('the Runtime API is not served yet');
      },
      inPlace: true,
      dispose: () => Promise.resolve(),
    });
  },
};
