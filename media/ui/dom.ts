/** Elements without markup in strings: nothing that a handler or a config says can become HTML. */

type Child = Node | string | undefined;
type Attributes = Readonly<Record<string, string | boolean | undefined>>;

export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** Writes only what changed, so that selections and screen readers are left alone. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setHidden(element: HTMLElement, hidden: boolean): void {
  if (element.hidden !== hidden) element.hidden = hidden;
}

export interface Row<Item> {
  readonly element: HTMLElement;
  update(item: Item): void;
}

/** A list whose elements stay as long as their items do: what has the focus keeps it. */
export class KeyedList<Item> {
  readonly #container: HTMLElement;
  readonly #key: (item: Item) => string;
  readonly #create: (item: Item) => Row<Item>;
  readonly #rows = new Map<string, Row<Item>>();

  constructor(container: HTMLElement, key: (item: Item) => string, create: (item: Item) => Row<Item>) {
    this.#container = container;
    this.#key = key;
    this.#create = create;
  }

  update(items: readonly Item[]): void {
    const keys = new Set(items.map(this.#key));
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      row.element.remove();
      this.#rows.delete(key);
    }
    for (const [index, item] of items.entries()) {
      const key = this.#key(item);
      const row = this.#rows.get(key) ?? this.#create(item);
      this.#rows.set(key, row);
      row.update(item);
      const there = this.#container.children[index];
      if (there !== row.element) this.#container.insertBefore(row.element, there ?? null);
    }
  }
}

/** One choice; those of the same group stand together, under its name. */
export interface Option {
  readonly value: string;
  readonly text: string;
  readonly group?: string;
}

/** Sets the options of a list of choices, keeping the choice where it is still there. */
export function setOptions(select: HTMLSelectElement, options: readonly Option[]): void {
  const now = JSON.stringify(options);
  if (select.dataset['options'] === now) return;
  const { value } = select;
  select.dataset['options'] = now;
  const groups = new Map<string, HTMLElement>();
  select.replaceChildren(
    ...options.flatMap(({ value: choice, text, group }): Node[] => {
      const option = h('option', { value: choice }, text);
      if (group === undefined) return [option];
      const there = groups.get(group);
      there?.append(option);
      if (there) return [];
      const added = h('optgroup', { label: group }, option);
      groups.set(group, added);
      return [added];
    }),
  );
  if (options.some((option) => option.value === value)) select.value = value;
}
