import { z } from 'zod';
import type { InstanceControl } from '../../instances/types.js';
import { findPrlimit, holdOpenFiles, type OpenFilesHold } from '../open-files.js';
import type { FaultKind } from '../types.js';
import { EVERYWHERE } from '../reach.js';

const params = z.strictObject({
  left: z
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe('How many more files and sockets the handler may open before it gets EMFILE'),
});

type Params = z.output<typeof params>;

/** The process has as many files and sockets open as it may: opening one more fails. */
export const descriptors: FaultKind<Params> = {
  title: 'File descriptors',
  summary: 'The instance runs out of file descriptors: opening files and sockets fails with EMFILE.',
  group: 'resources',
  reach: {
    ...EVERYWHERE,
    platform(platform) {
      if (platform !== 'linux') return 'only Linux can change the limits of a running process';
      return findPrlimit() === undefined ? 'the program prlimit is missing; install util-linux' : undefined;
    },
  },
  params,
  describe: ({ left }) => `EMFILE after ${String(left)} more open files or sockets`,

  /** There may be no process any more whose limit could be lowered. */
  hitBy: () => 'itself',

  // The runtime makes ready what it would have to open itself, and takes up the one that it is given for that.
  effect: (_, { fault }) => ({ type: 'descriptors', fault }),

  async around({ left }, { instance, ended, hit }, next) {
    const hold = ended.aborted ? undefined : await lowered(instance, left + 1);
    if (!hold) return next();
    hit({ where: `process ${String(instance.pid)}`, saw: `EMFILE from descriptor ${String(hold.limit)} on` });
    let released: Promise<void> | undefined;
    const release = (): Promise<void> => (released ??= hold.release().catch(() => instance.kill()));
    const end = (): void => void release();
    ended.addEventListener('abort', end, { once: true });
    // While the limit was being lowered.
    if (ended.aborted) end();
    try {
      return await next();
    } finally {
      ended.removeEventListener('abort', end);
      // Before anybody else is given the instance; one that cannot be put right is ended.
      await release();
    }
  },
};

async function lowered({ pid }: InstanceControl, left: number): Promise<OpenFilesHold | undefined> {
  try {
    return pid === undefined ? undefined : await holdOpenFiles(pid, left);
  } catch {
    // It has ended: that is what the invocation will be told.
    return undefined;
  }
}
