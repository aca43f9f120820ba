import type { LinkEvents } from './link.js';
import { exitMessage } from './outcomes.js';
import type { InitFailure } from './types.js';

/**
 * How an instance is told that its init is to fail: a variable of its environment, JSON of an InitFailure. The bootstraps
 * take it out before the handler is loaded; for a runtime without our bootstrap the host does, and plays it from outside.
 */
export const INIT_FAILURE = 'FAULTLINE_INIT';

type Environment = Readonly<Record<string, string>>;

/** @returns the environment without it */
export function takeInitFailure(env: Environment): { readonly env: Environment; readonly fail?: InitFailure } {
  const { [INIT_FAILURE]: text, ...rest } = env;
  return text === undefined ? { env } : { env: rest, fail: JSON.parse(text) as InitFailure };
}

/**
 * The events of a runtime whose init fails although its process knows nothing of it: at the moment at which it asks for its
 * first invocation, an error takes the place of being ready, the process is ended, or nobody is told.
 * @param kill ends the process
 */
export function failingInit(events: LinkEvents, fail: InitFailure, kill: () => void): LinkEvents {
  const { ready: _ready, ...others } = events;
  return {
    ...others,
    ready() {
      if (fail.how === 'hang') return;
      if (fail.how === 'exit') events.garbage(exitMessage({ code: fail.exitCode, signal: null }));
      else events.initFailed({ error: { errorType: fail.errorType, errorMessage: fail.message } });
      kill();
    },
  };
}
