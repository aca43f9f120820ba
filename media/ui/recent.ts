import { formatMs } from '../../emulator/contract/webview.js';
import type { InvocationDetail, InvocationRecord } from '../../emulator/contract/records.js';
import { h, KeyedList, setHidden, type Row } from './dom.js';
import { t } from './text.js';

/** The newest invocations, each opening with its event, payload and log. */

function result(record: InvocationRecord): string {
  if (record.error) return `${record.error.type}: ${record.error.message}`;
  return record.status === undefined ? t('OK') : String(record.status);
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

const failed = (record: InvocationRecord): boolean => record.error !== undefined || (record.status ?? 0) >= 500;

function showDetail(record: InvocationDetail): void {
  const close = h('button', { type: 'button', class: 'quiet', 'aria-label': t('Close') }, '✕');
  const part = (title: string, text: string): Node[] => [h('h3', {}, title), h('pre', {}, text || '–')];
  const title = t('Invocation {0} of {1}', record.number, record.function);
  const dialog = h(
    'dialog',
    { 'aria-label': title },
    h('header', {}, h('h2', {}, title), close),
    ...part(t('Result'), `${result(record)}\n${formatMs(record.durationMs)}`),
    ...(record.faults.length > 0
      ? part(
          t('Faults that hit it'),
          record.faults
            .map((hit) => [hit.fault, hit.where, hit.saw, hit.dryRun ? t('dry run') : ''].filter(Boolean).join(' · '))
            .join('\n'),
        )
      : []),
    ...part(t('Payload'), pretty(record.payload)),
    ...part(t('Event'), pretty(record.event)),
    ...part(t('Log'), record.log.map((line) => line.trimEnd()).join('\n')),
  );
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

export class RecentInvocations {
  readonly element: HTMLElement;
  readonly #list: KeyedList<InvocationRecord>;

  constructor(read: (requestId: string) => Promise<InvocationDetail>) {
    const body = h('tbody');
    const create = (record: InvocationRecord): Row<InvocationRecord> => {
      const open = h('button', { type: 'button', class: 'link' }, new Date(record.at).toLocaleTimeString());
      open.addEventListener('click', () => void read(record.requestId).then(showDetail));
      const faults = record.faults.map(({ kind }) => kind).join(', ');
      return {
        element: h(
          'tr',
          {},
          h('td', {}, open),
          h('td', {}, record.function),
          h('td', { class: failed(record) ? 'problem' : undefined }, result(record)),
          h('td', { class: 'number' }, formatMs(record.durationMs)),
          h('td', {}, record.initMs === undefined ? '' : t('cold start')),
          h('td', {}, faults),
        ),
        // An invocation that has ended changes no more.
        update: () => undefined,
      };
    };
    this.#list = new KeyedList(body, ({ requestId }) => requestId, create);
    const heads = [t('Time'), t('Function'), t('Result'), t('Duration'), '', t('Faults')];
    const head = heads.map((text, index) => h('th', { scope: 'col', class: index === 3 ? 'number' : undefined }, text));
    this.element = h(
      'section',
      { class: 'recent scroll' },
      h('table', {}, h('caption', {}, t('Newest invocations')), h('thead', {}, h('tr', {}, ...head)), body),
    );
  }

  update(records: readonly InvocationRecord[]): void {
    setHidden(this.element, records.length === 0);
    this.#list.update(records);
  }
}
