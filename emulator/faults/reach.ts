import type { Reach } from './types.js';

/** Where kinds can be realised; shared by those that are realised alike. */

/** By the emulator alone: whatever runs in the process. */
export const EVERYWHERE: Reach = { node: true, python: true, provided: true };

/** By hooks in the runtime. */
export const HOOKED: Reach = {
  node: true,
  python: true,
  provided: 'its process has none of our hooks; use node or python, or a fault that acts from outside',
};

/** By signals to the process. */
export const SIGNALLED: Reach = {
  ...EVERYWHERE,
  platform: (platform) =>
    platform === 'win32' ? 'Windows has no signals that stop a process and let it go on' : undefined,
};
