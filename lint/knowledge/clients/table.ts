import { javascriptClients, pythonClients } from './index.js';
import type { ClientDefaults, ClientFact } from './types.js';

/** The knowledge base as tables of Markdown: what docs/rules/clients.md shows. */
export function clientTables(): string {
  return [
    '## JavaScript and TypeScript',
    '',
    ...table(javascriptClients),
    '',
    '## Python',
    '',
    ...table(pythonClients),
  ].join('\n');
}

function table(facts: readonly ClientFact[]): string[] {
  return [
    '| Client | Versions | Connect | Answer | Attempts | A limit that works |',
    '| --- | --- | --- | --- | --- | --- |',
    ...new Set(facts.flatMap((fact) => fact.defaults.map((each) => row(fact, each)))),
  ];
}

function row(fact: ClientFact, each: ClientDefaults): string {
  const package_ = fact.packages.length === 0 ? '' : ` (${fact.packages.map((name) => `\`${name}\``).join(', ')})`;
  const answer = each.totalMs === undefined ? time(each.requestMs) : `${time(each.totalMs)} in all`;
  const note = each.note === undefined ? '' : `; ${each.note}`;
  const cells = [
    `[${fact.label ?? fact.client}](${fact.source})${package_}`,
    each.versions === '*' ? 'all' : `\`${each.versions}\``,
    time(each.connectMs),
    `[${answer}](${each.source})${note}`,
    String(each.attempts),
    fact.write,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function time(ms: number | null): string {
  return ms === null ? 'for ever' : `${String(ms / 1000)} s`;
}
