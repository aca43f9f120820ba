import type { Catalog } from '../../emulator/contract/catalog.js';
import type { FaultSpec } from '../../emulator/contract/faults.js';
import type { InvocationDetail } from '../../emulator/contract/records.js';
import type { SeriesReply, Snapshot } from '../../emulator/contract/snapshot.js';
import type { SessionStatus } from '../../emulator/contract/webview.js';
import 'uplot/dist/uPlot.min.css';
import '../ui/base.css';
import './dashboard.css';
import { Api, ApiError, takeToken } from '../ui/api.js';
import { h, setText } from '../ui/dom.js';
import { MetricsView } from '../ui/metrics-view.js';
import { RecentInvocations } from '../ui/recent.js';
import { t } from '../ui/text.js';

/** The dashboard: the editor's panel in a browser, with the newest invocations, straight from the control API. */

const REFRESH_MS = 1_000;
const SHOWN_SECONDS = 300;
const SHOWN_INVOCATIONS = 20;

function notice(text: string): void {
  document.getElementById('root')?.replaceChildren(h('p', { class: 'notice' }, text));
}

class Dashboard {
  readonly #api: Api;
  readonly #view: MetricsView;
  readonly #recent: RecentInvocations;
  readonly #gateway = h('span');
  readonly #seed = h('span', { class: 'hint' });
  #catalog: Catalog | undefined;
  #snapshot: Snapshot | undefined;
  #series: SeriesReply | undefined;
  #status: SessionStatus = 'starting';
  #function: string | undefined;

  constructor(api: Api) {
    this.#api = api;
    const fault = (id: string): string => `/api/faults/${encodeURIComponent(id)}`;
    const actions = {
      invoke: (name: string) =>
        void api.call('POST', '/api/invoke', { function: name, event: {} }).catch(() => undefined),
      addFault: async (spec: FaultSpec) => void (await api.call('POST', '/api/faults', spec)),
      setFault: async (id: string, enabled: boolean) => void (await api.call('PATCH', fault(id), { enabled })),
      removeFault: async (id: string) => void (await api.call('DELETE', fault(id))),
    };
    this.#view = new MetricsView(actions, (name) => {
      this.#function = name;
      this.#draw();
    });
    this.#recent = new RecentInvocations((id) =>
      api.call<InvocationDetail>('GET', `/api/invocations/${encodeURIComponent(id)}`),
    );
    const top = h('header', { class: 'top' }, h('h1', {}, 'Faultline'), this.#gateway, this.#seed);
    document.getElementById('root')?.replaceChildren(top, this.#view.element, this.#recent.element);
  }

  async run(): Promise<void> {
    this.#catalog = await this.#api.call<Catalog>('GET', '/api/catalog');
    setInterval(() => void this.#refresh(), REFRESH_MS);
    for (;;) {
      await this.#api
        .follow((snapshot) => {
          this.#snapshot = snapshot;
          this.#status = 'running';
          this.#draw();
        })
        .catch(() => undefined);
      this.#status = 'stopped';
      this.#draw();
      await new Promise((done) => setTimeout(done, REFRESH_MS));
    }
  }

  async #refresh(): Promise<void> {
    if (document.hidden || this.#status !== 'running') return;
    const path = `/api/series?seconds=${SHOWN_SECONDS}`;
    this.#series = await this.#api.call<SeriesReply>('GET', path).catch(() => this.#series);
    this.#draw();
  }

  #draw(): void {
    const snapshot = this.#snapshot;
    if (document.hidden) return;
    setText(this.#gateway, snapshot?.gateway ?? '');
    setText(this.#seed, snapshot ? t('Seed {0}', snapshot.seed) : '');
    this.#view.update({
      status: this.#status,
      ...(this.#catalog ? { catalog: this.#catalog } : {}),
      ...(snapshot ? { snapshot } : {}),
      ...(this.#series ? { series: this.#series } : {}),
    });
    const recent = (snapshot?.functions ?? [])
      .filter(({ name }) => this.#function === undefined || name === this.#function)
      .flatMap((value) => value.recent)
      .sort((a, b) => b.at - a.at);
    this.#recent.update(recent.slice(0, SHOWN_INVOCATIONS));
  }
}

const token = takeToken();
if (token === undefined) notice(t('Open the address with the token that `faultline start` prints.'));
else
  new Dashboard(new Api(token)).run().catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 401)
      notice(t('This token is of another run. Open the address that `faultline start` prints.'));
    else notice(error instanceof Error ? error.message : String(error));
  });
