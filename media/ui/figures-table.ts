import { formatMs, formatRate, formatShare } from '../../emulator/contract/webview.js';
import type { FunctionSnapshot } from '../../emulator/contract/snapshot.js';
import { h, KeyedList, setText, type Row } from './dom.js';
import { t } from './text.js';

/** The figures of every function as a table: what the charts show, for reading. */

const ms = (value: number | undefined): string => (value === undefined ? '–' : formatMs(value));

function cells(value: FunctionSnapshot): string[] {
  const { figures, totals } = value;
  return [
    formatRate(figures.rate),
    figures.rate === 0 ? '–' : formatShare(figures.errorShare),
    ms(figures.p50),
    ms(figures.p95),
    ms(figures.p99),
    String(value.instances.length),
    String(value.queued),
    `${totals.invocations}`,
  ];
}

const heads = (): string[] => [
  t('Function'),
  t('Rate'),
  t('Errors'),
  'p50',
  'p95',
  'p99',
  t('Instances'),
  t('Waiting'),
  t('Invocations'),
];

export class FiguresTable {
  readonly element: HTMLElement;
  readonly #list: KeyedList<FunctionSnapshot>;

  /** @param onSelect called with the name of a function that was clicked */
  constructor(onSelect: (name: string) => void) {
    const body = h('tbody');
    const create = (value: FunctionSnapshot): Row<FunctionSnapshot> => {
      const name = h('button', { type: 'button', class: 'link' }, value.name);
      const problem = h('span', { class: 'problem' });
      const figures = cells(value).map(() => h('td', { class: 'number' }));
      name.addEventListener('click', () => onSelect(value.name));
      return {
        element: h('tr', {}, h('th', { scope: 'row' }, name, problem), ...figures),
        update: (now) => {
          setText(problem, now.problem ? ` ${now.problem.message}` : '');
          cells(now).forEach((text, index) => figures[index] && setText(figures[index], text));
        },
      };
    };
    this.#list = new KeyedList(body, ({ name }) => name, create);
    const head = heads().map((text, index) => h('th', { scope: 'col', class: index > 0 ? 'number' : undefined }, text));
    this.element = h(
      'div',
      { class: 'scroll' },
      h(
        'table',
        { class: 'figures' },
        h('caption', {}, t('Figures of the last 10 seconds')),
        h('thead', {}, h('tr', {}, ...head)),
        body,
      ),
    );
  }

  update(functions: readonly FunctionSnapshot[]): void {
    this.#list.update(functions);
  }
}
