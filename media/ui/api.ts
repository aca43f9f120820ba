import type { LogEvent } from '../../emulator/contract/control.js';
import type { ErrorBody } from '../../emulator/contract/errors.js';
import type { Snapshot } from '../../emulator/contract/snapshot.js';

/** The control API from a page that it serves itself. */

const TOKEN = 'faultline.token';

/** From the address, once; it does not stay there, where a shared screen or a bookmark would keep it. */
export function takeToken(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    sessionStorage.setItem(TOKEN, given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(TOKEN) ?? undefined;
}

export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export class Api {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  async call<Reply>(method: string, path: string, body?: unknown): Promise<Reply> {
    const response = await this.#send(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return (await response.json()) as Reply;
  }

  /** Follows the event stream until it ends. EventSource cannot send a token. */
  async follow(onSnapshot: (snapshot: Snapshot) => void, onLog?: (event: LogEvent) => void): Promise<void> {
    const response = await this.#send('/api/events', {});
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
      if (done || value === undefined) return;
      const messages = (rest + value).split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) {
        const line = (name: string): string =>
          message
            .split('\n')
            .filter((one) => one.startsWith(`${name}:`))
            .map((one) => one.slice(name.length + 1).trimStart())
            .join('\n');
        if (line('event') === 'snapshot') onSnapshot(JSON.parse(line('data')) as Snapshot);
        else if (line('event') === 'log') onLog?.(JSON.parse(line('data')) as LogEvent);
      }
    }
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(path, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${this.#token}` },
    });
    if (response.ok) return response;
    const body = (await response.json().catch(() => ({}))) as { error?: ErrorBody };
    throw new ApiError(body.error?.message ?? `${response.status} ${response.statusText}`, response.status);
  }
}
