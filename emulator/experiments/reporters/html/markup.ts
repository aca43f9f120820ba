/**
 * HTML that is safe by construction: what is put into a template is escaped, unless a template made it. Nothing else can make
 * a `Markup`, so no text of a file or of a handler can become a tag.
 */
export class Markup {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** @internal only `html` calls it */
  static of(text: string): Markup {
    return new Markup(text);
  }

  toString(): string {
    return this.#text;
  }
}

export type Value = Markup | string | number | undefined | readonly Value[];

/** Values go between tags or into quoted attributes; undefined is nothing, a list is all of it. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return Markup.of(parts.reduce((text, part, i) => text + asText(values[i - 1]) + part));
}

function asText(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.toString();
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeHtml(value);
  return value.map(asText).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What HTML has no way to write, and what turns the direction of the text behind it. */
const UNWRITABLE =
  // eslint-disable-next-line no-control-regex -- these are the characters that must go
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/gu;

/** Text for between tags and for quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(UNWRITABLE, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
