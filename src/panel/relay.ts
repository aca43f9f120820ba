import type { Catalog } from '../../emulator/contract/catalog.js';
import type { ViewModel, ViewNotice, ViewRequest } from '../../emulator/contract/webview.js';
import type { Session } from '../session.js';

/**
 * Between a webview and the emulator: a complete model once a second while the webview is seen, and its requests the
 * other way. Without the editor, so that tests can watch what is sent.
 */

export const RELAY_MS = 1_000;
/** What the charts show. */
export const SHOWN_SECONDS = 300;

export interface RelayPort {
  readonly visible: boolean;
  post(notice: ViewNotice): void;
}

export interface RelayServices {
  readonly session: Pick<Session, 'state' | 'snapshot' | 'running' | 'on'>;
  catalog(): Promise<Catalog>;
  start(): unknown;
  invoke(functionName: string): unknown;
  errorText(error: unknown): string;
}

export class Relay {
  readonly #port: RelayPort;
  readonly #services: RelayServices;
  readonly #stopListening: () => void;
  #timer: NodeJS.Timeout | undefined;
  #ready = false;
  #sending = false;

  constructor(port: RelayPort, services: RelayServices) {
    this.#port = port;
    this.#services = services;
    this.#stopListening = services.session.on('state', () => this.wake());
  }

  /** After anything that may have changed who sees what: sends at once, and again every second while it runs. */
  wake(): void {
    const live = this.#ready && this.#port.visible;
    if (live && this.#services.session.running) this.#timer ??= setInterval(() => void this.#send(), RELAY_MS);
    else this.#timer = void clearInterval(this.#timer);
    if (live) void this.#send();
  }

  async take(request: ViewRequest): Promise<void> {
    switch (request.type) {
      case 'ready':
        this.#ready = true;
        return this.wake();
      case 'start':
        return void this.#services.start();
      case 'invoke':
        return void this.#services.invoke(request.function);
      default:
        await this.#answer(request);
        await this.#send();
    }
  }

  dispose(): void {
    this.#ready = false;
    clearInterval(this.#timer);
    this.#stopListening();
  }

  async #answer(request: Extract<ViewRequest, { request: number }>): Promise<void> {
    const reply = { type: 'reply', request: request.request } as const;
    try {
      await this.#change(request);
      this.#port.post(reply);
    } catch (error) {
      this.#port.post({ ...reply, error: this.#services.errorText(error) });
    }
  }

  async #change(request: Extract<ViewRequest, { request: number }>): Promise<unknown> {
    const faults = this.#services.session.running?.client.faults;
    switch (request.type) {
      case 'addFault':
        return faults?.add(request.spec);
      case 'setFault':
        return faults?.setEnabled(request.id, request.enabled);
      case 'removeFault':
        return faults?.remove(request.id);
    }
  }

  async #send(): Promise<void> {
    // A slow answer is not overtaken by the next one.
    if (!this.#ready || !this.#port.visible || this.#sending) return;
    this.#sending = true;
    try {
      const model = await this.#model();
      if (this.#ready && this.#port.visible) this.#port.post({ type: 'model', model });
    } finally {
      this.#sending = false;
    }
  }

  async #model(): Promise<ViewModel> {
    const { session } = this.#services;
    const client = session.running?.client;
    const [series, catalog] = await Promise.all([
      client?.series(SHOWN_SECONDS).catch(() => undefined),
      client && this.#services.catalog().catch(() => undefined),
    ]);
    // Asked last: it is the newest.
    const { snapshot } = session;
    return {
      status: session.state.status,
      ...(catalog ? { catalog } : {}),
      ...(snapshot ? { snapshot } : {}),
      ...(series ? { series } : {}),
    };
  }
}
