import { html, type Markup, type Value } from './markup.js';

/** A table that scrolls by itself where it is too wide. @param shown false: the heading above says as much, to those who see it */
export function table(
  caption: string,
  head: readonly (readonly [string, 'n' | ''])[],
  rows: readonly Markup[],
  shown = false,
): Markup {
  return html`<div class="wide" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption class="${shown ? '' : 'silent'}">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map(([text, kind]) => html`<th scope="col" class="${kind}">${text}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

export const row = (first: Value, cells: readonly Markup[]): Markup =>
  html`<tr>
    <th scope="row">${first}</th>
    ${cells}
  </tr> `;
export const cell = (value: Value, kind = ''): Markup => html`<td class="${kind}">${value}</td>`;
