import http from 'node:http';
import { WebSocket } from 'undici';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export interface ParsedScript {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL: string;
}

/** A debugger as editors are one: speaks the DevTools protocol to a Node inspector. */
export class CdpClient implements AsyncDisposable {
  readonly scripts: ParsedScript[] = [];
  private nextId = 0;
  private readonly replies = new Map<number, (message: Message) => void>();
  private readonly seen: Message[] = [];
  private readonly waiting = new Set<() => void>();
  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => this.onMessage(JSON.parse(String(data)) as Message));
    socket.addEventListener('close', () => {
      for (const [id, reply] of this.replies) reply({ id, error: { message: 'the connection was closed' } });
    });
  }

  /** @param port where `/json/list` is answered */
  static async attach(port: number): Promise<CdpClient> {
    const [target] = (await getJson(port, '/json/list')) as readonly { webSocketDebuggerUrl: string }[];
    const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
    const client = new CdpClient(socket);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    return client;
  }

  async send(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.nextId;
    const reply = new Promise<Message>((resolve) => this.replies.set(id, resolve));
    this.socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await reply;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** The first event of that name that has not been asked for yet. */
  async event(method: string): Promise<unknown> {
    for (;;) {
      const at = this.seen.findIndex((message) => message.method === method);
      if (at >= 0) return this.seen.splice(at, 1)[0]?.params;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  get closed(): boolean {
    return this.socket.readyState >= WebSocket.CLOSING;
  }

  async detach(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => this.socket.addEventListener('close', resolve, { once: true }));
    this.socket.close();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.detach();
  }

  private onMessage(message: Message): void {
    if (message.id !== undefined) return this.replies.get(message.id)?.(message);
    if (message.method === 'Debugger.scriptParsed') this.scripts.push(message.params as ParsedScript);
    this.seen.push(message);
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/** Asks as tools do that only look for a debugger. */
export function getJson(port: number, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.once('end', () => resolve(JSON.parse(text)));
      })
      .once('error', reject);
  });
}
