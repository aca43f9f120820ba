import type { Clock } from '../../clock.js';
import type { QueueConfig } from '../../contract/config.js';
import { MAX_MESSAGE_BYTES } from './contents.js';
import { noSuchQueue, SqsError } from './errors.js';

/** How a queue behaves. */
export interface QueueSettings {
  readonly visibilityMs: number;
  readonly delayMs: number;
  readonly retentionMs: number;
  /** MaximumMessageSize. */
  readonly maxBytes: number;
  /** ReceiveMessageWaitTimeSeconds. */
  readonly waitMs: number;
  readonly redrive: { readonly queue: string; readonly maxReceives: number } | undefined;
  /** Attributes that are kept and told, and change nothing here: Policy, KmsMasterKeyId … */
  readonly inert: Readonly<Record<string, string>>;
}

export interface Queue {
  readonly name: string;
  /** In the config; others live as long as the emulator. */
  readonly declared: boolean;
  readonly settings: QueueSettings;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** What is known of a queue besides the config. */
interface Entry {
  /** Over the config's; all of them when the queue was created by an API call. */
  settings: Partial<QueueSettings>;
  /** The config that the settings were made over; another one ends them. */
  basis: string | undefined;
  readonly createdAt: number;
  modifiedAt: number;
  tags: Readonly<Record<string, string>>;
}

export const DEFAULT_SETTINGS: QueueSettings = {
  visibilityMs: 30_000,
  delayMs: 0,
  retentionMs: 345_600_000,
  maxBytes: MAX_MESSAGE_BYTES,
  waitMs: 0,
  redrive: undefined,
  inert: { SqsManagedSseEnabled: 'true' },
};

/** A name is free again so long after its queue was deleted [D, R]. */
const DELETED_MS = 60_000;

/** The queues: those of the config, with what API calls have changed for this run, and those that API calls have made. */
export class Queues {
  readonly #entries = new Map<string, Entry>();
  readonly #deleted = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly declared: () => readonly QueueConfig[],
  ) {}

  find(name: string): Queue | undefined {
    const config = this.declared().find((each) => each.name === name);
    const entry = config ? this.#over(config) : this.#created(name);
    if (!entry) return undefined;
    const { createdAt, modifiedAt, tags } = entry;
    const settings = { ...DEFAULT_SETTINGS, ...(config && settingsOf(config)), ...entry.settings };
    return { name, declared: config !== undefined, settings, createdAt, modifiedAt, tags };
  }

  /** @throws SqsError QueueDoesNotExist */
  get(name: string): Queue {
    const queue = this.find(name);
    if (!queue) throw noSuchQueue();
    return queue;
  }

  /** By name. */
  all(): readonly Queue[] {
    const names = new Set([...this.declared().map(({ name }) => name), ...this.#entries.keys()]);
    return [...names].sort().flatMap((name) => this.find(name) ?? []);
  }

  /** Those whose dead letters go to this queue. */
  sourcesOf(name: string): readonly Queue[] {
    return this.all().filter(({ settings }) => settings.redrive?.queue === name);
  }

  /** @throws SqsError QueueDeletedRecently */
  create(name: string, settings: Partial<QueueSettings>, tags: Readonly<Record<string, string>>): void {
    const now = this.clock.now();
    const deletedAt = this.#deleted.get(name);
    if (deletedAt !== undefined && now - deletedAt < DELETED_MS) {
      throw new SqsError(
        'QueueDeletedRecently',
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
      );
    }
    this.#deleted.delete(name);
    this.#entries.set(name, { settings, basis: undefined, createdAt: now, modifiedAt: now, tags });
  }

  /** Changes settings for this run. */
  change(name: string, settings: Partial<QueueSettings>): void {
    const entry = this.#entry(name);
    const { inert } = this.get(name).settings;
    entry.settings = {
      ...entry.settings,
      ...settings,
      ...(settings.inert && { inert: { ...inert, ...settings.inert } }),
    };
    entry.modifiedAt = this.clock.now();
  }

  setTags(name: string, tags: Readonly<Record<string, string>>): void {
    this.#entry(name).tags = tags;
  }

  /** @throws SqsError UnsupportedOperation for a queue of the config */
  delete(name: string): void {
    if (this.get(name).declared) {
      throw new SqsError(
        'UnsupportedOperation',
        `The queue ${name} is declared in the configuration of Faultline: remove it from queues: there.`,
      );
    }
    this.#entries.delete(name);
    this.#deleted.set(name, this.clock.now());
  }

  #entry(name: string): Entry {
    this.get(name);
    return this.#entries.get(name) as Entry;
  }

  /** What is known of a queue of the config: begun when it is first seen. */
  #over(config: QueueConfig): Entry {
    const basis = JSON.stringify(config);
    const known = this.#entries.get(config.name);
    if (known?.basis === basis) return known;
    const now = this.clock.now();
    const entry = { settings: {}, basis, createdAt: known?.createdAt ?? now, modifiedAt: now, tags: known?.tags ?? {} };
    this.#entries.set(config.name, entry);
    return entry;
  }

  /** A queue that left the config is gone. */
  #created(name: string): Entry | undefined {
    const entry = this.#entries.get(name);
    if (entry?.basis === undefined) return entry;
    this.#entries.delete(name);
    return undefined;
  }
}

function settingsOf(config: QueueConfig): Partial<QueueSettings> {
  const { visibilityMs, retentionMs, delayMs, redrive } = config;
  return { visibilityMs, retentionMs, delayMs, redrive };
}
