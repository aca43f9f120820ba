import { formatNumber, formatSpan } from '../../emulator/contract/webview.js';
import type { Fault } from '../../emulator/contract/faults.js';
import type { ViewActions } from './actions.js';
import { h, KeyedList, setHidden, setText, type Row } from './dom.js';
import { t } from './text.js';

/** The faults there are: a switch, what it does, and a way to remove it. */

function detail(fault: Fault): string {
  const left = fault.until === undefined ? '' : t('{0} left', formatSpan(fault.until - Date.now()));
  return [
    fault.function ?? t('all functions'),
    fault.scope ?? '',
    ...(fault.rate < 100 ? [`${formatNumber(fault.rate)} %`] : []),
    fault.dryRun
      ? t('would have hit {0} of {1}', fault.injected, fault.matched)
      : t('hit {0} of {1}', fault.injected, fault.matched),
    ...(fault.unreached ? [t('does not reach {0}', fault.unreached.map((one) => one.function).join(', '))] : []),
    fault.enabled ? left : t('off'),
  ]
    .filter(Boolean)
    .join(' · ');
}

export class FaultList {
  readonly element: HTMLElement;
  readonly #empty = h('p', { class: 'hint' }, t('No faults yet. Add one below to see how the functions take it.'));
  readonly #problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  readonly #list: KeyedList<Fault>;
  readonly #actions: ViewActions;

  constructor(actions: ViewActions) {
    this.#actions = actions;
    const list = h('ul', { class: 'faults' });
    this.#list = new KeyedList(
      list,
      ({ id }) => id,
      (fault) => this.#row(fault),
    );
    this.element = h('section', {}, h('h2', {}, t('Faults')), this.#empty, list, this.#problem);
  }

  update(faults: readonly Fault[]): void {
    setHidden(this.#empty, faults.length > 0);
    this.#list.update(faults);
  }

  async #try(change: Promise<void>): Promise<void> {
    try {
      await change;
      setHidden(this.#problem, true);
    } catch (error) {
      setText(this.#problem, error instanceof Error ? error.message : String(error));
      setHidden(this.#problem, false);
    }
  }

  #row({ id }: Fault): Row<Fault> {
    const box = h('input', { type: 'checkbox', role: 'switch' });
    const name = h('span', { class: 'name' });
    const more = h('span', { class: 'detail' });
    const remove = h(
      'button',
      { type: 'button', class: 'quiet', title: t('Remove'), 'aria-label': t('Remove {0}', id) },
      '✕',
    );
    box.addEventListener('change', () => void this.#try(this.#actions.setFault(id, box.checked)));
    remove.addEventListener('click', () => void this.#try(this.#actions.removeFault(id)));
    return {
      element: h('li', {}, h('label', {}, box, h('span', { class: 'text' }, name, more)), remove),
      update: (fault) => {
        box.checked = fault.enabled;
        setText(name, `${fault.kind}: ${fault.summary}`);
        setText(more, detail(fault));
      },
    };
  }
}
