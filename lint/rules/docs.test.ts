import { expect, test } from 'vitest';
import type { Rule } from '../rule.js';
import { rules } from './index.js';

/** docs/rules/README.md is made from the registry: `npx vitest run lint/rules/docs.test.ts -u` writes it. */
const page = new URL('../../docs/rules/README.md', import.meta.url).pathname;

const groups = {
  timeouts: 'Timeouts: a call that ends',
  errors: 'Errors: a failure that is answered',
  delivery: 'Delivery: an event that is not lost',
} as const;
const names = { javascript: 'JavaScript', typescript: 'TypeScript', python: 'Python' } as const;

function row({ meta }: Rule): string {
  const strict = meta.strict === undefined ? meta.severity : meta.strict;
  const recommended = meta.recommended === false ? 'off' : meta.severity;
  const languages = meta.languages.map((each) => names[each]).join(', ');
  const options = Object.keys(meta.options?.properties ?? {}).map((each) => `\`${each}\``);
  return `| [${meta.id}](${meta.id}.md) | ${meta.summary} | ${languages} | ${recommended} | ${strict} | ${options.join(', ')} |`;
}

function table(group: keyof typeof groups): string {
  const rows = Object.values<Rule>(rules).filter((rule) => rule.meta.group === group);
  const head = '| rule | what it flags | languages | recommended | strict | options |\n|---|---|---|---|---|---|';
  return `## ${groups[group]}\n\n${[head, ...rows.map(row)].join('\n')}\n`;
}

test('the table of rules is as the registry has them', async () => {
  const text = `# Rules

What \`faultline lint\` and the editor look for, with the severity in each preset (\`info\` is a note: it never fails a run). Settings,
baselines and suppressions: [lint](../lint.md). Clients, their defaults and sources: [clients](clients.md). How good the rules
are on public code: [accuracy](../lint-accuracy.md).

${(Object.keys(groups) as (keyof typeof groups)[]).map(table).join('\n')}`;
  await expect(text).toMatchFileSnapshot(page);
});
