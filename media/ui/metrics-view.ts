import { appliesTo, type SessionStatus, type ViewModel } from '../../emulator/contract/webview.js';
import type { ViewActions } from './actions.js';
import { Chart } from './chart.js';
import { charts } from './charts.js';
import { h, setHidden, setOptions, setText } from './dom.js';
import { FaultForm } from './fault-form.js';
import { FaultList } from './fault-list.js';
import { FiguresTable } from './figures-table.js';
import { t } from './text.js';
import { onThemeChange } from './theme.js';

/** Charts of one function or of all, the faults beside them, and what to do while there is nothing to show. */

/** The series of all functions together. */
const ALL = '*';

function emptyText(status: SessionStatus): string {
  switch (status) {
    case 'running':
      return t('No invocations yet: invoke a function, or send a request to it.');
    case 'starting':
      return t('The emulator is starting…');
    case 'stopping':
      return t('The emulator is stopping…');
    case 'failed':
      return t('The emulator did not start. The Functions view tells why.');
    case 'stopped':
      return t('The emulator is stopped.');
  }
}

export class MetricsView {
  readonly element: HTMLElement;
  readonly #actions: ViewActions;
  readonly #onSelect: (name: string | undefined) => void;
  readonly #select = h('select', { id: 'function' });
  readonly #charts = Object.values(charts).map((kind) => new Chart(kind));
  readonly #grid: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #emptyText = h('p');
  readonly #invoke = h('button', { type: 'button' });
  readonly #start = h('button', { type: 'button' }, t('Start Emulator'));
  readonly #side: HTMLElement;
  readonly #faults: FaultList;
  readonly #form: FaultForm;
  readonly #table: FiguresTable;
  #model: ViewModel | undefined;
  #wanted: string | undefined;

  /** @param onSelect tells which function is shown, undefined for all */
  constructor(actions: ViewActions, onSelect: (name: string | undefined) => void) {
    this.#actions = actions;
    this.#onSelect = onSelect;
    this.#faults = new FaultList(actions);
    this.#form = new FaultForm(actions);
    this.#table = new FiguresTable((name) => this.select(name));
    this.#empty = h('div', { class: 'empty' }, this.#emptyText, this.#invoke, this.#start);
    this.#grid = h('div', { class: 'charts' }, ...this.#charts.map(({ element }) => element));
    this.#side = h('aside', { class: 'side' }, this.#faults.element, this.#form.element);
    const bar = h('div', { class: 'bar' }, h('label', { for: 'function' }, t('Function')), this.#select, this.#invoke);
    const main = h('main', {}, bar, this.#empty, this.#grid, this.#table.element);
    this.element = h('div', { class: 'metrics' }, main, this.#side);
    this.#listen();
  }

  /** @param name undefined shows all functions; one that is not there yet is shown once it is */
  select(name: string | undefined): void {
    this.#wanted = name ?? ALL;
    this.#applyWanted();
    this.#onSelect(this.#selected);
    this.#draw();
  }

  update(model: ViewModel): void {
    this.#model = model;
    const names = (model.snapshot?.functions ?? []).map(({ name }) => name);
    const options = names.map((name) => ({ value: name, text: name }));
    if (model.snapshot) setOptions(this.#select, [{ value: ALL, text: t('All functions') }, ...options]);
    this.#applyWanted();
    this.#form.update(model.catalog, names);
    this.#faults.update(model.snapshot?.faults ?? []);
    this.#table.update(model.snapshot?.functions ?? []);
    this.#draw();
  }

  get #selected(): string | undefined {
    const { value } = this.#select;
    return value === ALL || value === '' ? undefined : value;
  }

  #listen(): void {
    this.#select.addEventListener('change', () => {
      this.#wanted = undefined;
      this.#form.selectFunction(this.#selected ?? '');
      this.#onSelect(this.#selected);
      this.#draw();
    });
    this.#invoke.addEventListener('click', () => {
      const name = this.#selected ?? this.#model?.snapshot?.functions[0]?.name;
      if (name !== undefined) this.#actions.invoke(name);
    });
    this.#start.addEventListener('click', () => this.#actions.start?.());
    onThemeChange(() => this.#charts.forEach((chart) => chart.rebuild()));
  }

  #applyWanted(): void {
    const wanted = this.#wanted;
    if (wanted === undefined || ![...this.#select.options].some(({ value }) => value === wanted)) return;
    this.#select.value = wanted;
    this.#form.selectFunction(wanted === ALL ? '' : wanted);
    this.#wanted = undefined;
  }

  #draw(): void {
    const model = this.#model;
    const status = model?.status ?? 'starting';
    const running = status === 'running';
    const invoked = (model?.snapshot?.functions ?? []).some(({ totals }) => totals.invocations > 0);
    setHidden(this.#empty, running && invoked);
    setHidden(this.#grid, !(running && invoked));
    setHidden(this.#table.element, !running);
    setHidden(this.#side, !running);
    setText(this.#emptyText, emptyText(status));
    setHidden(this.#start, this.#actions.start === undefined || (status !== 'stopped' && status !== 'failed'));
    // With all functions in view there is none that is meant, but somewhere one has to begin.
    const target = this.#selected ?? (invoked ? undefined : model?.snapshot?.functions[0]?.name);
    setHidden(this.#invoke, !running || target === undefined);
    setText(this.#invoke, t('Invoke {0}', target ?? ''));
    const series = model?.series?.functions[this.#selected ?? ALL];
    if (!running || !invoked || series === undefined) return;
    const periods = (model?.series?.periods ?? []).filter(
      (period) => this.#selected === undefined || appliesTo(period, this.#selected),
    );
    for (const chart of this.#charts) chart.draw(series, periods);
  }
}
