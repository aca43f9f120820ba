import type { FaultSpec } from '../../emulator/contract/faults.js';
import type { ViewNotice, ViewRequest } from '../../emulator/contract/webview.js';
import 'uplot/dist/uPlot.min.css';
import '../ui/base.css';
import './metrics.css';
import { MetricsView } from '../ui/metrics-view.js';
import { useTexts } from '../ui/text.js';

/** The metrics panel in the editor. It opens no connection: all it knows comes from the extension. */

interface State {
  readonly function?: string;
}

declare function acquireVsCodeApi(): {
  postMessage(request: ViewRequest): void;
  getState(): State | undefined;
  setState(state: State): void;
};

type Reply = Extract<ViewNotice, { type: 'reply' }>;

const editor = acquireVsCodeApi();
const waiting = new Map<number, (reply: Reply) => void>();
let requests = 0;
let view: MetricsView | undefined;

function ask(make: (request: number) => ViewRequest): Promise<void> {
  const request = ++requests;
  return new Promise((done, failed) => {
    waiting.set(request, ({ error }) => (error === undefined ? done() : failed(new Error(error))));
    editor.postMessage(make(request));
  });
}

const actions = {
  start: () => editor.postMessage({ type: 'start' }),
  invoke: (name: string) => editor.postMessage({ type: 'invoke', function: name }),
  addFault: (spec: FaultSpec) => ask((request) => ({ type: 'addFault', request, spec })),
  setFault: (id: string, enabled: boolean) => ask((request) => ({ type: 'setFault', request, id, enabled })),
  removeFault: (id: string) => ask((request) => ({ type: 'removeFault', request, id })),
};

/** Built once the texts are there; what was shown before the panel was hidden is shown again. */
function build(notice: Extract<ViewNotice, { type: 'init' }>): MetricsView {
  useTexts(notice.texts);
  const made = new MetricsView(actions, (name) => editor.setState(name === undefined ? {} : { function: name }));
  document.getElementById('root')?.replaceChildren(made.element);
  const before = editor.getState()?.function;
  if (before !== undefined) made.select(before);
  return made;
}

window.addEventListener('message', ({ data }: MessageEvent<ViewNotice>) => {
  switch (data.type) {
    case 'init':
      view ??= build(data);
      if (data.function !== undefined) view.select(data.function);
      return;
    case 'model':
      return view?.update(data.model);
    case 'reply':
      waiting.get(data.request)?.(data);
      waiting.delete(data.request);
  }
});

editor.postMessage({ type: 'ready' });
