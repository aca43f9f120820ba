import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { DOCS_URL } from '../../emulator/contract/docs.js';
import type { Rule } from '../rule.js';
import { rules } from './index.js';

describe.each(Object.entries<Rule>(rules))('%s', (id, rule) => {
  test('its key, its id and its page agree', () => {
    expect(rule.meta.id).toBe(id);
    expect(rule.meta.url).toBe(`${DOCS_URL}/rules/${id}.md`);
  });

  test('it works in every language it names', () => {
    expect(rule.javascript !== undefined).toBe(rule.meta.languages.includes('javascript'));
    expect(rule.javascript !== undefined).toBe(rule.meta.languages.includes('typescript'));
    expect(rule.python !== undefined).toBe(rule.meta.languages.includes('python'));
  });

  test('its page tells what happens, what to write, how to switch it off, and where that is from', async () => {
    const page = await readFile(new URL(`../../docs/rules/${id}.md`, import.meta.url), 'utf8');
    expect(page).toMatch(new RegExp(`^# ${id}\n`));
    const names = { javascript: 'JavaScript', typescript: 'TypeScript', python: 'Python' } as const;
    const languages = rule.meta.languages.map((each) => names[each]);
    for (const heading of ['What it flags', 'What happens in production', ...languages]) {
      expect(page).toContain(`## ${heading}\n`);
    }
    for (const option of Object.keys(rule.meta.options?.properties ?? {})) expect(page).toContain(`\`${option}\``);
    expect(page).toContain('## Switching it off\n');
    expect(page).toContain('## Sources\n');
    expect(page).toContain(`faultline-disable-next-line ${id} -- `);
  });

  test('its table of valid and invalid code exists', async () => {
    // Python's half may have a table of its own; a rule without an other half has one.
    const halves = rule.javascript !== undefined && rule.python !== undefined ? [id, `${id}/python`] : [id];
    for (const each of halves) {
      const table = await readFile(new URL(`./${each}.test.ts`, import.meta.url), 'utf8').catch(() => undefined);
      if (table !== undefined || each === id) expect(table).toContain(`ruleTests('${id}'`);
    }
  });
});
