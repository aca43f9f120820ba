import { beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../emulator/contract/findings.js';
import { applyEdits, createLinter } from './index.js';
import type { FaultlineLinter } from './index.js';

let linter: FaultlineLinter;
beforeAll(async () => {
  linter = await createLinter();
});

const lint = (text: string, file = 'a.mjs'): Finding[] => linter.lintText(text, { file });
const found = (text: string, file?: string): string[] =>
  lint(text, file).map((each) => `${String(each.range.start.line)} ${each.rule}`);
const two = (comment: string): string => `${comment}\nawait fetch('https://a');\nawait fetch('https://b');\n`;

describe('switches off, with a reason', () => {
  test.each([
    ['the next line', two('// faultline-disable-next-line missing-timeout -- long poll'), [3]],
    ['the next line, every rule', two('/* faultline-disable-next-line -- a demo */'), [3]],
    [
      'several rules',
      `${two('// faultline-disable missing-timeout, floating-promise -- x')}export const handler = async () => { items.forEach(async () => {}); };\n`,
      [],
    ],
    ['a rule with our prefix', two('// faultline-disable-next-line faultline/missing-timeout -- long poll'), [3]],
    ['from the comment to the end', two('// faultline-disable missing-timeout -- a demo'), []],
    ['from the comment on', `await fetch('https://a');\n${two('/* faultline-disable -- a demo */')}`, [1]],
    ['the line itself', "await fetch('https://a'); // faultline-disable-line missing-timeout -- long poll\n", []],
    ['ESLint’s own needs no reason', two('// eslint-disable-next-line faultline/missing-timeout'), [3]],
    ['ESLint’s own, of a file', two('/* eslint-disable faultline/missing-timeout */'), []],
    ['somebody else’s rule in ESLint’s comment', two('/* eslint no-var: 2 */'), [2, 3]],
    ['a word that only begins like it', two('// faultline-disabled -- x'), [2, 3]],
    ['over further comments', two('// faultline-disable-next-line missing-timeout -- polls\n// for minutes'), [4]],
    ['a JSDoc block', two('/**\n * faultline-disable-next-line missing-timeout -- long poll\n */'), [5]],
  ] as const)('%s', (_, text, lines) => {
    expect(lint(text).map((each) => each.range.start.line)).toEqual(lines);
  });

  test('until it is enabled again', () => {
    const text = `// faultline-disable missing-timeout -- a demo\nawait fetch('https://a');\n// faultline-enable missing-timeout\nawait fetch('https://b');\n`;
    expect(found(text)).toEqual(['4 missing-timeout']);
  });

  test('in Python', () => {
    const text = `import requests\n# faultline-disable-next-line missing-timeout -- streams\nrequests.get(a)\nrequests.get(b)  # faultline-disable-line -- streams\nrequests.get(c)\n`;
    expect(found(text, 'a.py')).toEqual(['5 missing-timeout']);
    expect(found(`x = "# faultline-disable -- not a comment"\nimport requests\nrequests.get(c)\n`, 'a.py')).toEqual([
      '3 missing-timeout',
    ]);
  });
});

describe('without a reason', () => {
  test.each(['// faultline-disable-next-line missing-timeout', '/* faultline-disable-next-line missing-timeout -- */'])(
    '%s switches nothing off, and that is said at its place',
    (comment) => {
      expect(found(two(comment))).toEqual(['1 directive-without-reason', '2 missing-timeout', '3 missing-timeout']);
      const [own] = lint(two(comment));
      expect(own?.severity).toBe('warning');
      expect(own?.message).toContain('`faultline-disable-next-line missing-timeout -- reason`');
      expect(own?.range).toEqual({ start: { line: 1, column: 1 }, end: { line: 1, column: comment.length + 1 } });
    },
  );

  test('in Python', () => {
    expect(found('import requests\nrequests.get(a)  # faultline-disable-line\n', 'a.py')).toEqual([
      '2 missing-timeout',
      '2 directive-without-reason',
    ]);
  });
});

describe('a rule that does not exist', () => {
  test('is named, with the one that was meant', () => {
    const text = two('// faultline-disable-next-line mising-timeout -- long poll');
    expect(found(text)).toEqual(['1 directive-unknown-rule', '2 missing-timeout', '3 missing-timeout']);
    expect(lint(text)[0]?.message).toContain('no rule `mising-timeout`');
    expect(lint(text)[0]?.message).toContain('Did you mean `missing-timeout`?');
  });
});

describe('a comment that switches nothing off', () => {
  const fixed = (text: string, file?: string): string | undefined => {
    const own = lint(text, file).find((each) => each.rule === 'unused-directive');
    expect(own?.fixes?.[0]?.safe).toBe(true);
    return own?.fixes?.[0] && applyEdits(text, own.fixes[0].edits);
  };

  test.each([
    ['a line', 'f();\n  // faultline-disable-next-line missing-timeout -- x\n  g();\n', 'f();\n  g();\n'],
    ['the end of a line', 'f(); // faultline-disable-line missing-timeout -- x\ng();\n', 'f();\ng();\n'],
    ['the middle of a line', 'f(/* faultline-disable-line -- x */ a);\n', 'f(a);\n'],
    ['every rule', '/* faultline-disable -- x */\r\nf();\r\n', 'f();\r\n'],
    ['the last line', 'f();\n// faultline-disable -- x', 'f();\n'],
  ])('%s: the fix removes it', (_, text, after) => {
    expect(found(text).map((each) => each.split(' ')[1])).toEqual(['unused-directive']);
    expect(fixed(text)?.replace('( a', '(a')).toBe(after);
  });

  test('in Python', () => {
    expect(fixed('f()  # faultline-disable-line missing-timeout -- x\ng()\n', 'a.py')).toBe('f()\ng()\n');
  });

  test('of several rules only those that are not needed go', () => {
    const text = two('// faultline-disable floating-promise, missing-timeout -- a demo');
    expect(lint(text)[0]?.message).toContain('`floating-promise` is not reported here');
    expect(fixed(text)).toBe(two('// faultline-disable missing-timeout -- a demo'));
  });

  test('a rule that does not run is not missed', async () => {
    const quiet = await createLinter({ rules: { 'missing-timeout': 'off' } });
    const text = two('// faultline-disable missing-timeout -- a demo');
    expect(quiet.lintText(text, { file: 'a.mjs' })).toEqual([]);
  });

  test('it can be switched off, or made an error', async () => {
    const text = 'f();\n// faultline-disable -- x\n';
    const off = await createLinter({ rules: { 'unused-directive': 'off' } });
    expect(off.lintText(text, { file: 'a.mjs' })).toEqual([]);
    const error = await createLinter({ rules: { 'unused-directive': 'error' } });
    expect(error.lintText(text, { file: 'a.mjs' })[0]?.severity).toBe('error');
  });

  test('it cannot switch itself off', () => {
    expect(found('f();\n// faultline-disable unused-directive -- x\n')).toEqual(['2 directive-unknown-rule']);
  });
});
