import {
  groupTitle,
  isScopeField,
  scopeFields,
  scopeProblem,
  scopeSpec,
} from '../../emulator/contract/fault-fields.js';
import { parameterFields, parseField, type ParameterField } from '../../emulator/contract/webview.js';
import { byGroup, type Catalog, type CatalogFault } from '../../emulator/contract/catalog.js';
import type { ViewActions } from './actions.js';
import { h, setHidden, setOptions, setText } from './dom.js';
import { t } from './text.js';

/** The form that adds a fault, made from the catalog: a new kind needs no change here. */

interface Input {
  readonly field: ParameterField;
  readonly element: HTMLElement;
  /** @returns the value, or undefined after showing what is wrong */
  read(): { readonly value: unknown } | undefined;
  typed(): string;
}

/** Parameters of a kind that are shown at once; the rest is folded away. */
const SHOWN = 3;
/** The empty value of a list of functions. */
const ALL = '';
let inputs = 0;

function control(field: ParameterField): HTMLInputElement | HTMLSelectElement {
  if (field.kind === 'choice' || field.kind === 'boolean') {
    const choices = field.kind === 'boolean' ? ['false', 'true'] : field.choices;
    const select = h('select', {}, ...choices.map((choice) => h('option', { value: choice }, choice)));
    if (field.initial !== '') select.value = field.initial;
    return select;
  }
  const numeric = field.kind === 'number' || field.kind === 'integer';
  return h('input', { type: 'text', inputmode: numeric ? 'decimal' : undefined, value: field.initial });
}

function inputFor(field: ParameterField, title = field.name): Input {
  const id = `input-${++inputs}`;
  const box = control(field);
  const hint = h('span', { class: 'hint', id: `${id}-hint` }, field.description);
  const problem = h('span', { class: 'problem', role: 'alert', id: `${id}-problem`, hidden: true });
  box.id = id;
  box.setAttribute('aria-describedby', `${id}-hint ${id}-problem`);
  const read = (): { readonly value: unknown } | undefined => {
    const parsed = parseField(field, box.value, t);
    const wrong = isScopeField(field)
      ? scopeProblem(field, box.value, t)
      : 'problem' in parsed
        ? parsed.problem
        : undefined;
    box.setAttribute('aria-invalid', String(wrong !== undefined));
    setText(problem, wrong ?? '');
    setHidden(problem, wrong === undefined);
    return wrong !== undefined || 'problem' in parsed ? undefined : parsed;
  };
  // Not when the focus leaves: a line that comes or goes then would move the button that is being clicked.
  box.addEventListener('input', () => {
    if (box.getAttribute('aria-invalid') === 'true') read();
  });
  return {
    field,
    read,
    typed: () => box.value,
    element: h('div', { class: 'field' }, h('label', { for: id }, title), box, hint, problem),
  };
}

export class FaultForm {
  readonly element: HTMLFormElement;
  readonly #actions: ViewActions;
  readonly #kind = h('select', { id: 'fault-kind' });
  readonly #summary = h('span', { class: 'hint' });
  readonly #function = h('select', { id: 'fault-function' });
  readonly #parameters = h('div', { class: 'parameters' });
  /** Those that are rarely changed. */
  readonly #rest = h('details', {});
  readonly #scope = scopeFields(t).map((field) => ({ ...inputFor(field, field.title), more: field.more }));
  readonly #more = h(
    'details',
    {},
    h('summary', {}, t('Which invocations, how many, dry run')),
    ...this.#scope.filter(({ more }) => more).map(({ element }) => element),
  );
  readonly #problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  readonly #add = h('button', { type: 'submit' }, t('Add Fault'));
  #catalog: Catalog = { faults: [], policies: [] };
  #inputs: Input[] = [];
  #shown: string | undefined;

  constructor(actions: ViewActions) {
    this.#actions = actions;
    this.#kind.addEventListener('change', () => this.#drawKind());
    this.element = h(
      'form',
      { class: 'fault-form', novalidate: true },
      h('h2', {}, t('Add a fault')),
      h('div', { class: 'field' }, h('label', { for: 'fault-kind' }, t('Kind')), this.#kind, this.#summary),
      h('div', { class: 'field' }, h('label', { for: 'fault-function' }, t('Function')), this.#function),
      this.#parameters,
      h('div', { class: 'pair' }, ...this.#scope.filter(({ more }) => !more).map(({ element }) => element)),
      this.#more,
      this.#problem,
      this.#add,
    );
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  update(catalog: Catalog | undefined, functions: readonly string[]): void {
    if (catalog) this.#catalog = catalog;
    setOptions(
      this.#kind,
      byGroup(this.#catalog.faults).flatMap(({ group, faults }) =>
        faults.map(({ kind, title }) => ({ value: kind, text: title, group: groupTitle(group, t) })),
      ),
    );
    setOptions(this.#function, [
      { value: ALL, text: t('All functions') },
      ...functions.map((name) => ({ value: name, text: name })),
    ]);
    if (this.#shown !== this.#kind.value) this.#drawKind();
  }

  /** Follows what the charts show, until somebody chose for themselves. */
  selectFunction(name: string): void {
    this.#function.value = name;
  }

  get #selected(): CatalogFault | undefined {
    return this.#catalog.faults.find(({ kind }) => kind === this.#kind.value);
  }

  #drawKind(): void {
    const kind = this.#selected;
    this.#shown = this.#kind.value;
    setText(this.#summary, kind?.summary ?? '');
    this.#inputs = kind ? parameterFields(kind.params).map((field) => inputFor(field)) : [];
    const elements = this.#inputs.map(({ element }) => element);
    const folded = elements.length > SHOWN + 1 ? elements.splice(SHOWN) : [];
    this.#rest.replaceChildren(h('summary', {}, t('{0} more parameters', folded.length)), ...folded);
    setHidden(this.#rest, folded.length === 0);
    this.#rest.open = false;
    this.#parameters.replaceChildren(...elements, this.#rest);
  }

  async #submit(): Promise<void> {
    const kind = this.#selected;
    const read = this.#inputs.map((input) => ({ name: input.field.name, result: input.read() }));
    if (read.slice(SHOWN).some(({ result }) => result === undefined)) this.#rest.open = true;
    const wrong = this.#scope.filter((input) => input.read() === undefined);
    // What is wrong must be seen.
    if (wrong.some(({ more }) => more)) this.#more.open = true;
    if (!kind || wrong.length > 0 || read.some(({ result }) => result === undefined)) return;
    const params = Object.fromEntries(
      read.flatMap(({ name, result }) => (result?.value === undefined ? [] : [[name, result.value]])),
    );
    const target = this.#function.value === ALL ? {} : { function: this.#function.value };
    this.#add.disabled = true;
    try {
      await this.#actions.addFault({
        kind: kind.kind,
        ...target,
        params,
        ...scopeSpec(Object.fromEntries(this.#scope.map(({ field, typed }) => [field.name, typed()]))),
      });
      setHidden(this.#problem, true);
    } catch (error) {
      setText(this.#problem, error instanceof Error ? error.message : String(error));
      setHidden(this.#problem, false);
    } finally {
      this.#add.disabled = false;
    }
  }
}
