import { FaultlineError } from '../../contract/errors.js';
import { CHANNEL, PREFIX, scripts, type ScriptName } from './redis-scripts.js';

/** The part of a client that is used here. */
interface Client {
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  sendCommand(args: readonly string[]): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'ready', listener: () => void): unknown;
  close(): Promise<unknown>;
  destroy(): void;
  readonly isReady: boolean;
}

export interface RedisConnectionOptions {
  /** redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], or rediss:// */
  readonly url: string;
  readonly log: (message: string) => void;
  /** Epoch ms, for tests; the server's time when absent. */
  readonly now?: () => number;
}

/** Who wants to know what happens at the server. */
export interface RedisListener {
  /** A queue has something visible, or will have in so many ms; also told by other emulators. */
  hears(queue: string, ms: number): void;
  /** It was gone, and is back: anything may have happened. */
  isBack(): void;
}

/** A server that stops answering is given up after so long, ms; asked as often as the second says. */
const SILENCE_MS = 10_000;
const PING_MS = 3_000;
/** Tries to reach it again: at first after, at most after, ms. */
const [FIRST_RETRY_MS, LAST_RETRY_MS] = [50, 2_000];

/** The connection to a Redis: runs scripts, hears what is published, and comes back by itself. */
export class RedisConnection {
  private lost = false;
  private listener: RedisListener | undefined;

  private constructor(
    private readonly client: Client,
    private readonly options: RedisConnectionOptions,
    /** The URL as it may be shown. */
    private readonly shown: string,
  ) {}

  /** @throws FaultlineError STORE_UNAVAILABLE when it is down, or does not let us in */
  static async open(options: RedisConnectionOptions): Promise<RedisConnection> {
    const shown = withoutCredentials(options.url);
    const createClient = await loadRedis();
    let opened = false;
    const retryIn = (retries: number): number | false =>
      opened && Math.min(FIRST_RETRY_MS * 2 ** retries, LAST_RETRY_MS);
    let client: Client;
    try {
      client = createClient({
        url: options.url,
        disableOfflineQueue: true,
        pingInterval: PING_MS,
        socket: { reconnectStrategy: retryIn, socketTimeout: SILENCE_MS },
      }) as unknown as Client;
    } catch (error) {
      throw unavailable(shown, error);
    }
    const connection = new RedisConnection(client, options, shown);
    client.on('error', (error) => connection.isLost(error, opened));
    client.on('ready', () => connection.isBack());
    try {
      await client.connect();
    } catch (error) {
      client.destroy();
      throw unavailable(shown, error);
    }
    opened = true;
    return connection;
  }

  /** @throws FaultlineError STORE_UNAVAILABLE */
  async listen(listener: RedisListener): Promise<void> {
    this.listener = listener;
    try {
      await this.client.subscribe(CHANNEL, (message) => {
        const end = message.indexOf(' ');
        listener.hears(message.slice(end + 1), Number(message.slice(0, end)));
      });
    } catch (error) {
      throw unavailable(this.shown, error);
    }
  }

  /** @throws FaultlineError STORE_UNAVAILABLE */
  async run(name: ScriptName, ...args: readonly (string | number)[]): Promise<unknown> {
    const { text, sha } = scripts[name];
    const rest = ['1', PREFIX, this.options.now ? String(this.options.now()) : '', ...args.map(String)];
    try {
      return await this.client.sendCommand(['EVALSHA', sha, ...rest]).catch((error: unknown) => {
        // A server that was started anew, or flushed.
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return this.client.sendCommand(['EVAL', text, ...rest]);
      });
    } catch (error) {
      throw unavailable(this.shown, error);
    }
  }

  unavailable(reason: string): FaultlineError {
    return unavailable(this.shown, new Error(reason));
  }

  async close(): Promise<void> {
    if (this.client.isReady) await this.client.close().catch(() => undefined);
    else this.client.destroy();
  }

  private isLost(error: Error, opened: boolean): void {
    if (this.lost || !opened) return;
    this.lost = true;
    this.options.log(`${unavailable(this.shown, error).message}; trying again`);
  }

  private isBack(): void {
    if (!this.lost) return;
    this.lost = false;
    this.options.log(`Redis at ${this.shown} is back`);
    this.listener?.isBack();
  }
}

type RedisLibrary = typeof import('@redis/client');

/** When it is first needed. It is CommonJS: what it exports is beside `default` as it is, and below it in a bundle. */
async function loadRedis(): Promise<RedisLibrary['createClient']> {
  const module = (await import('@redis/client')) as RedisLibrary & { readonly default?: RedisLibrary };
  return (module.default ?? module).createClient;
}

/** The URL as it may be shown and logged: no user, no password, no options. */
export function withoutCredentials(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
  } catch {
    return 'redis://…';
  }
}

/** Without the error as its cause: the errors of URLs and sockets may hold the password. */
function unavailable(shown: string, error: unknown): FaultlineError {
  if (error instanceof FaultlineError) return error;
  return new FaultlineError('STORE_UNAVAILABLE', `Redis at ${shown} cannot be used: ${reasonOf(error)}`, {
    hint: 'start it, or correct delivery.store; file and memory need no server',
  });
}

function reasonOf(error: unknown): string {
  // Of a name with several addresses, each has its error.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
