import { z } from 'zod';
import type { Timer } from '../../clock.js';
import type { InstanceControl } from '../../instances/types.js';
import { EVERYWHERE } from '../reach.js';
import type { BackgroundContext, FaultKind } from '../types.js';
import { DAYS, isTime, isZone, openingHours } from '../hours.js';

const time = (what: string, byDefault: string) =>
  z.string().refine(isTime, 'not a time of day; write for example 09:00').default(byDefault).describe(what);

const params = z
  .strictObject({
    meanSeconds: z.number().positive().max(86_400).default(60).describe('Mean time between kills, in seconds'),
    minSeconds: z.number().min(0).max(86_400).default(0).describe('Shortest time between kills, in seconds'),
    group: z
      .enum(['function', 'all'])
      .default('function')
      .describe('function: one victim of each function; all: one of all that the fault is for'),
    probability: z.number().gt(0).max(1).default(1).describe('With which a victim is killed when its time has come'),
    leave: z.number().int().min(0).max(1_000).default(0).describe('So many instances of a function stay in any case'),
    how: z.enum(['kill', 'term']).default('kill').describe('kill: SIGKILL; term: SIGTERM, and SIGKILL after 500 ms'),
    days: z
      .array(z.enum(DAYS))
      .min(1)
      .default([...DAYS])
      .describe('Days of the week on which it kills'),
    from: time('Time of day from which it kills', '00:00'),
    to: time('Time of day until which it kills; before from: until the next morning', '24:00'),
    timezone: z
      .string()
      .refine(isZone, 'not a time zone; write an IANA name, for example Europe/Berlin')
      .default('UTC')
      .describe('Time zone of days, from and to'),
  })
  .refine(({ meanSeconds, minSeconds }) => minSeconds < meanSeconds, {
    message: 'must be below meanSeconds',
    path: ['minSeconds'],
  })
  .refine(({ from, to }) => from !== to, {
    message: 'is the same as from: there would be no time at all',
    path: ['to'],
  });

type Params = z.output<typeof params>;

/**
 * Instances that end at random, as machines do: Netflix's Chaos Monkey with its opt-in, mean time between kills, grouping and
 * schedule. The times are `minSeconds` and an exponentially distributed rest, so that they have the mean and no memory.
 */
export const killer: FaultKind<Params> = {
  title: 'Instance killer',
  summary: 'Now and then an instance is killed, whatever it does; the next invocation starts a new one.',
  group: 'process',
  reach: EVERYWHERE,
  optIn: true,
  params,
  describe: ({ meanSeconds, group, how }) =>
    `${SIGNALS[how]} to an instance ${group === 'all' ? 'of all' : 'of each function'} every ${String(meanSeconds)} s on average`,
  background: (given, context) => new Killer(given, context).start(),
};

const SIGNALS = { kill: 'SIGKILL', term: 'SIGTERM' } as const;

class Killer {
  /** Of the next kill, from 1: what it is drawn by. */
  #number = 0;
  #timer: Timer | undefined;
  #ended = false;
  readonly #open: (at: number) => boolean;

  constructor(
    private readonly params: Params,
    private readonly context: BackgroundContext,
  ) {
    this.#open = openingHours(params);
  }

  /** @returns what ends it */
  start(): () => void {
    this.#wait();
    return () => {
      this.#ended = true;
      this.#timer?.cancel();
    };
  }

  #wait(): void {
    const { meanSeconds, minSeconds } = this.params;
    const draw = this.context.draw('gap', ++this.#number);
    const seconds = minSeconds - Math.log(1 - draw) * (meanSeconds - minSeconds);
    this.#timer = this.context.clock.after(seconds * 1_000, () => {
      if (this.#open(this.context.clock.now())) this.#strike();
      if (!this.#ended) this.#wait();
    });
  }

  #strike(): void {
    const { group, leave } = this.params;
    const groups = this.context.targets().map(({ function: name, instances }) => {
      const there = instances.filter(({ state = 'idle' }) => state === 'idle' || state === 'busy');
      return { name, instances: there.length > leave ? there : [] };
    });
    if (group === 'function') for (const { name, instances } of groups) this.#pick(name, name, instances);
    else {
      const all = groups.flatMap(({ name, instances }) => instances.map((instance) => ({ name, instance })));
      const at = this.#drawn(all.length, '');
      const victim = all[at];
      if (victim) this.#pick('', victim.name, [victim.instance]);
    }
  }

  /** @param key what is drawn by, beside the number of the kill */
  #pick(key: string, name: string, instances: readonly InstanceControl[]): void {
    const victim = instances[this.#drawn(instances.length, key)];
    if (!victim || this.context.draw('probability', this.#number, key) >= this.params.probability) return;
    const { fault, hit, log } = this.context;
    const signal = SIGNALS[this.params.how];
    log(`${fault}: ${signal} to ${victim.id} of ${name}`);
    hit();
    victim.kill(undefined, {
      signal,
      hit: { fault, kind: 'killer', where: `while it ran on ${victim.id}`, saw: signal },
    });
  }

  #drawn(count: number, key: string): number {
    return Math.floor(this.context.draw('victim', this.#number, key) * count);
  }
}
