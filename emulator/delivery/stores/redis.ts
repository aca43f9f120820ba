import type { Clock } from '../../clock.js';
import type { Counts, Message, MessageStore, Meta, NewMessage } from '../store.js';
import { Alarms } from './alarms.js';
import { Listeners } from './listeners.js';
import { RedisConnection, type RedisListener } from './redis-connection.js';
import { VERSION } from './redis-scripts.js';

export interface RedisStoreOptions {
  readonly url: string;
  /** For timers only: what time it is, the server says. */
  readonly clock: Clock;
  readonly log: (message: string) => void;
  /** For tests: the time in epoch ms is this instead of the server's. */
  readonly now?: () => number;
}

/** Lua's numbers are doubles, and so are the scores of sorted sets: far beyond any time, and exact. */
const LONGEST_MS = 8.64e15;

/**
 * Opens the Redis store. What is kept is as durable as the server makes it.
 * @throws FaultlineError STORE_UNAVAILABLE
 */
export async function openRedisStore({ clock, ...options }: RedisStoreOptions): Promise<MessageStore> {
  const connection = await RedisConnection.open(options);
  try {
    const version = Number(await connection.run('version', '', VERSION));
    if (version > VERSION) throw connection.unavailable('a newer Faultline keeps its messages there');
    const store = new RedisStore(connection, clock);
    await connection.listen(store);
    return store;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

class RedisStore implements MessageStore, RedisListener {
  private readonly listeners = new Listeners();
  private readonly alarms: Alarms;

  constructor(
    private readonly connection: RedisConnection,
    clock: Clock,
  ) {
    this.alarms = new Alarms(clock, (queue) => {
      this.listeners.tell(queue);
      // Whoever was told may not ask: what comes after must be known all the same.
      void this.counts(queue);
    });
  }

  async add(queue: string, messages: readonly NewMessage[]): Promise<void> {
    if (messages.length > 0) await this.run('add', queue, ...messages.flatMap(packed));
  }

  async receive(queue: string, max: number, leaseMs: number): Promise<readonly Message[]> {
    const reply = await this.ask('receive', queue, Math.max(max, 0), leaseMs);
    if (!reply) return [];
    const [next, messages] = reply as [string, string[][]];
    this.expect(queue, next);
    return messages.map(unpacked);
  }

  async remove(queue: string, receipts: readonly string[]): Promise<readonly boolean[]> {
    if (receipts.length === 0) return [];
    return ((await this.run('remove', queue, ...receipts)) as number[]).map((removed) => removed === 1);
  }

  async release(queue: string, receipt: string, ms: number, meta?: Meta): Promise<boolean> {
    return (await this.run('release', queue, receipt, ms, meta ? JSON.stringify(meta) : '')) === 1;
  }

  async move(queue: string, receipt: string, to: string, message: NewMessage): Promise<boolean> {
    return (await this.run('move', queue, receipt, to, ...packed(message))) === 1;
  }

  async counts(queue: string): Promise<Counts> {
    const reply = await this.ask('counts', queue);
    if (!reply) return { visible: 0, inFlight: 0, delayed: 0 };
    const [next, visible, inFlight, delayed, oldest] = reply as [string, number, number, number, string];
    this.expect(queue, next);
    return { visible, inFlight, delayed, ...(oldest === '' ? {} : { oldestAt: Number(oldest) }) };
  }

  async purge(queue: string): Promise<number> {
    return (await this.run('purge', queue)) as number;
  }

  async names(): Promise<readonly string[]> {
    return ((await this.ask('names', '')) ?? []) as string[];
  }

  onVisible(queue: string, callback: () => void): () => void {
    const end = this.listeners.add(queue, callback);
    // What others have hidden before is not published again.
    void this.counts(queue);
    return end;
  }

  async close(): Promise<void> {
    this.alarms.close();
    this.listeners.close();
    await this.connection.close();
  }

  hears(queue: string, ms: number): void {
    if (ms === 0) this.listeners.tell(queue);
    else this.expect(queue, ms);
  }

  isBack(): void {
    this.listeners.tellAll();
    for (const queue of this.listeners.queues) void this.counts(queue);
  }

  private run(name: Parameters<RedisConnection['run']>[0], ...args: (string | number)[]): Promise<unknown> {
    return this.connection.run(name, ...args);
  }

  /** For what only asks: undefined while the server is gone, which the connection has logged. */
  private ask(name: Parameters<RedisConnection['run']>[0], ...args: (string | number)[]): Promise<unknown> {
    return this.run(name, ...args).catch(() => undefined);
  }

  /** @param next in how many ms something becomes visible; negative when nothing will */
  private expect(queue: string, next: string | number): void {
    if (Number(next) >= 0 && this.listeners.has(queue)) this.alarms.set(queue, Number(next));
  }
}

/** A message as five arguments of a script. */
function packed({ id, body, meta, delayMs, retentionMs, sentAt }: NewMessage): (string | number)[] {
  const retention = Math.min(retentionMs, LONGEST_MS - (sentAt ?? 0));
  return [JSON.stringify({ id, body }), JSON.stringify(meta), delayMs, retention, sentAt ?? ''];
}

function unpacked([payload, meta, sentAt, firstReceivedAt, receives, receipt]: string[]): Message {
  const { id, body } = JSON.parse(payload ?? '') as Pick<Message, 'id' | 'body'>;
  return {
    id,
    body,
    meta: JSON.parse(meta ?? '') as Meta,
    sentAt: Number(sentAt),
    firstReceivedAt: Number(firstReceivedAt),
    receives: Number(receives),
    receipt: receipt ?? '',
  };
}
