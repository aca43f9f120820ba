import path from 'node:path';
import { inspect, type StartProblem } from '../executable.js';
import { failingInit, takeInitFailure } from '../init-failure.js';
import type { StartFailure } from '../instance.js';
import { initEnded } from '../outcomes.js';
import { RuntimeApiLink } from '../runtime-api/link.js';
import { BuildFailed, type Connect, type RuntimeKind } from './types.js';

function unstartable(command: string, { type, message, hint }: StartProblem): StartFailure {
  return {
    failure: initEnded(type, message),
    ...(path.isAbsolute(command) ? { place: { file: command } } : {}),
    ...(hint ? { hint } : {}),
  };
}

/** A fault of its init is played from outside: the program is not told of it. */
const connect: Connect = (options, events) => {
  const { env, fail } = takeInitFailure(options.env);
  if (!fail) return new RuntimeApiLink(options, events);
  const link: RuntimeApiLink = new RuntimeApiLink(
    { ...options, env },
    failingInit(events, fail, () => link.kill()),
  );
  return link;
};

/** Any executable that speaks the Lambda Runtime API; it runs where it is. */
export const provided: RuntimeKind = {
  // What a program of any kind reads cannot be told from its name.
  reads: (bootstrap, file) => file.startsWith(path.dirname(bootstrap) + path.sep),

  async build({ function: fn }) {
    const [command = fn.file, ...args] = fn.command ?? [];
    const wrong = await inspect(command, fn.environment['PATH'] ?? process.env['PATH']);
    if (wrong) throw new BuildFailed(unstartable(command, wrong));
    return {
      launch: { command, args },
      connect,
      inPlace: true,
      dispose: () => Promise.resolve(),
    };
  },
};
