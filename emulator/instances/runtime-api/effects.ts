import type { RuntimeEffect } from '../../contract/faults.js';
import type { LinkEvents } from '../link.js';
import { exitMessage } from '../outcomes.js';
import { hostError } from './reports.js';

/** Those that end the invocation. */
type Acting = Extract<RuntimeEffect, { when: unknown }>;

/** One of them hits several functions, of which some have no hooks; its own is left out before it comes here. */
const NO_HOOKS =
  '[faultline] this fault does not reach into a provided runtime: what goes on inside is as it is without it';

/** Those that go on inside; of some all that counts is done from outside of the process. */
const needsHooks = (effect: RuntimeEffect): boolean => !('when' in effect) && effect.type !== 'descriptors';

/** What the effects of a fault need of the link. */
export interface EffectHost {
  kill(): void;
  readonly events: Pick<LinkEvents, 'error' | 'message' | 'garbage'>;
}

/**
 * Faults of a runtime that has none of our hooks, as far as the host can play them from outside: an error takes the place
 * of the run or of its answer, a hang is an event that is not handed over or an answer that is not passed on, a crash is
 * SIGKILL to the process group. What goes on inside (connections, a busy event loop) is out of reach.
 */
export class HostEffects {
  private after: Acting | undefined;
  private told = false;

  constructor(private readonly host: EffectHost) {}

  /** An invocation begins. @returns false when the runtime is not to get it */
  begin(effects: readonly RuntimeEffect[] = []): boolean {
    const acting = effects.filter((effect): effect is Acting => 'when' in effect);
    if (effects.some(needsHooks) && !this.told) {
      this.told = true;
      this.host.events.message(NO_HOOKS);
    }
    this.after = acting.find(({ when }) => when === 'after');
    const before = acting.find(({ when }) => when === 'before');
    // Whoever runs the invocation waits for its outcome only after it was handed over.
    if (before) queueMicrotask(() => this.play(before));
    return before === undefined;
  }

  /** An invocation ends. @param tell passes on how, unless a fault has it end otherwise */
  end(tell: () => void): void {
    const { after } = this;
    this.after = undefined;
    if (after) this.play(after);
    else tell();
  }

  private play(effect: Acting): void {
    const { host } = this;
    switch (effect.type) {
      case 'throw':
        return host.events.error('handler', hostError(effect.errorType, effect.message), undefined);
      case 'hang':
        return;
      case 'crash':
        // A foreign process cannot be made to exit with a status of our choice.
        if ('exitCode' in effect.how) host.events.garbage(exitMessage({ code: effect.how.exitCode, signal: null }));
        host.kill();
    }
  }
}
