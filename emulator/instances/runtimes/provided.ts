import { inspect } from '../executable.js';
import { initEnded } from '../outcomes.js';
import { RuntimeApiLink } from '../runtime-api/link.js';
import { BuildFailed, type RuntimeKind } from './types.js';

/** Any executable that speaks the Lambda Runtime API; it runs where it is. */
export const provided: RuntimeKind = {
  title: 'The bootstrap',

  async build({ function: fn }) {
    const [command = fn.file, ...args] = fn.command ?? [];
    const wrong = await inspect(command, fn.environment['PATH'] ?? process.env['PATH']);
    if (wrong) {
      const failure = initEnded(wrong.type, wrong.message);
      throw new BuildFailed({ failure, place: { file: fn.file }, ...(wrong.hint ? { hint: wrong.hint } : {}) });
    }
    return {
      launch: { command, args },
      connect: (options, events) => new RuntimeApiLink(options, events),
      inPlace: true,
      dispose: () => Promise.resolve(),
    };
  },
};
