import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FaultlineError } from '../../contract/errors.js';
import { formatError } from '../failure.js';
import { testIo } from '../fixture.js';
import { lintCommand } from '../lint.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'faultline-lint-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function files(content: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, text] of Object.entries(content)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

async function lint(...args: string[]): Promise<{ code: number | undefined; out: string; err: string }> {
  let code: number | undefined;
  const io = testIo({ cwd: folder });
  const program = new Command('faultline').exitOverride();
  lintCommand.register(program, io, (exit) => (code = exit));
  try {
    await program.parseAsync(['lint', ...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof FaultlineError)) throw error;
    return { code: error.exitCode, out: io.out, err: io.err + formatError(error, false).replaceAll(folder, '.') };
  }
  return { code, out: io.out, err: io.err };
}

const bad = `await fetch('https://a');\n`;
const found = (out: string): string[] =>
  (JSON.parse(out) as { findings: { file: string; rule: string; range: { start: { line: number } } }[] }).findings.map(
    (each) => `${each.file}:${String(each.range.start.line)} ${each.rule}`,
  );

describe('settings', () => {
  test('of faultline.yaml hold, also where it has no functions, and the command line is louder', async () => {
    await files({
      'faultline.yaml': 'lint:\n  rules: { missing-timeout: error }\n  ignore: [legacy/**]\n',
      'a.mjs': bad,
      'legacy/b.mjs': bad,
    });
    expect((await lint()).out).toMatch(/error +`fetch`[^]*1 error in 1 file. Skipped: 1 by lint.ignore/);
    expect((await lint('--rule', 'missing-timeout=off')).out).toContain('No findings in 1 file.');
    expect((await lint()).err).toBe('');
  });

  test.each([
    [
      'lint:\n  rules:\n    mising-timeout: off\n',
      /no rule "mising-timeout". Did you mean "missing-timeout"\?[^]*faultline\.yaml:3:\d+, lint\.rules\.mising-timeout/,
    ],
    ['lint:\n  rules:\n    missing-timeout: loud\n', /faultline\.yaml:3:\d+, lint\.rules\.missing-timeout/],
    ['lint:\n  preset: all\n', /faultline\.yaml:2:\d+, lint\.preset/],
    ['lint:\n  presett: strict\n', /did you mean "preset"\?[^]*faultline\.yaml:2:3/],
    ['lint:\n  rules:\n    missing-timeout: [error, { nothing: 1 }]\n', /has no option "nothing"[^]*faultline\.yaml:3/],
    ['lint: [\n', /faultline\.yaml:\d+:\d+/],
  ])('%j is told with its place', async (yaml, message) => {
    await files({ 'faultline.yaml': yaml, 'a.mjs': bad });
    const { code, err } = await lint();
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  test.each([
    [['--rule', 'mising-timeout=off'], /Did you mean "missing-timeout"\?/],
    [['--rule', 'missing-timeout=warn'], /Did you mean "warning"\?|takes RULE=LEVEL/],
    [['--rule', 'missing-timeout'], /takes RULE=LEVEL/],
    [['--preset', 'all'], /Presets are recommended, strict/],
  ])('%j is wrong use', async (args, message) => {
    const { code, err } = await lint(...args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('baseline', () => {
  test('what is in it is not reported, what is new is, what is fixed is told', async () => {
    await files({ 'a.mjs': bad });
    const wrote = await lint('--update-baseline');
    expect(wrote.err).toContain('Wrote .faultline-lint-baseline.json: 1 finding.');
    expect(wrote.code).toBe(0);
    const same = await lint();
    expect(same.out).toBe('No new findings in 1 file. In the baseline: 1 finding.\n');
    expect(same.code).toBe(0);
    await files({ 'a.mjs': `const above = 1;\n${bad}await fetch('https://b');\n` });
    const more = await lint();
    expect(more.out).toContain('1 warning in 1 file. In the baseline: 1 finding.');
    expect(more.out).toContain('  3:7 ');
    await files({ 'a.mjs': 'export {};\n' });
    expect((await lint()).err).toContain('1 finding of the baseline is fixed; --update-baseline removes');
    await lint('--update-baseline');
    expect(JSON.parse(await readFile(path.join(folder, '.faultline-lint-baseline.json'), 'utf8'))).toHaveProperty(
      'files',
      {},
    );
  });

  test('of a part of the files leaves the others as they were', async () => {
    await files({ 'a.mjs': bad, 'b.mjs': bad });
    await lint('--update-baseline');
    await files({ 'a.mjs': 'export {};\n' });
    expect((await lint('b.mjs')).err).toBe('');
    await lint('a.mjs', '--update-baseline');
    expect((await lint()).out).toContain('In the baseline: 1 finding.');
  });

  test.each([
    ['', /it is empty/],
    ['{ "version": 1,\n  "files": {\n', /not JSON[^]*:\d+:\d+/],
    ['{\n<<<<<<< HEAD\n}\n', /merge conflict[^]*baseline\.json:2/],
    ['{ "version": 2, "files": {} }', /version 2, made by a newer Faultline/],
    ['[1, 2]', /is no baseline/],
    ['{ "version": 1, "files": {\n "a": [ { "rule": "x", "fingerprint": "zz" } ] } }', /not a fingerprint[^]*:2:/],
  ])('%j is told with its place and what to do', async (text, message) => {
    await files({ '.faultline-lint-baseline.json': text, 'a.mjs': bad });
    const { code, err } = await lint();
    expect(err).toMatch(message);
    expect(err).toContain('--update-baseline');
    expect(code).toBe(2);
  });

  test('one that is named and not there', async () => {
    expect((await lint('--baseline', 'old.json')).err).toContain('there is no baseline old.json');
  });
});

describe('--since', () => {
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@a', '-c', 'init.defaultBranch=main', ...args], {
      cwd: folder,
    });
  };
  const client = 'import axios from "axios";\nexport const http = axios';

  test('changed, staged and new files, and those that import a changed one', async () => {
    await files({ 'a.mjs': bad, 'b.mjs': bad, 'c.mjs': bad, 'lib/http.mjs': `${client}.create({ timeout: 5 });\n` });
    await files({ 'd.mjs': 'import { http } from "./lib/http.mjs";\nawait http.get("https://a");\n' });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    expect((await lint('--since', 'HEAD')).out).toContain('No findings in 0 files.');
    await files({ 'a.mjs': `${bad}\n`, 'b.mjs': `${bad}\n`, 'new.mjs': bad, 'lib/http.mjs': `${client};\n` });
    git('add', 'b.mjs');
    const { out } = await lint('--since', 'HEAD', '--format', 'json');
    expect(found(out)).toEqual(['a.mjs:1', 'b.mjs:1', 'd.mjs:2', 'new.mjs:1'].map((each) => `${each} missing-timeout`));
  });

  test.each([
    ['nowhere', /no revision "nowhere"/],
    ['--output=x', /not "--output=x"/],
  ])('%s', async (revision, message) => {
    git('init', '-q');
    const { code, err } = await lint(`--since=${revision}`);
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(await readdir(folder)).toEqual(['.git']);
  });

  test('outside of a repository', async () => {
    expect((await lint('--since', 'HEAD')).err).toContain('in no git repository');
  });
});

describe('cache', () => {
  const cacheFile = (): string => path.join(folder, '.faultline/cache/lint.json');

  test('gives the same report, and survives being torn', async () => {
    await files({ 'a.mjs': bad, 'b.py': 'import requests\nrequests.get("https://a")\n' });
    const first = await lint('--format', 'json');
    expect((await lint('--format', 'json')).out).toBe(first.out);
    const whole = await readFile(cacheFile(), 'utf8');
    for (const torn of [
      '',
      'x',
      whole.slice(0, whole.length / 2),
      whole.replace('missing-timeout', 'missing-timeouts'),
    ]) {
      await writeFile(cacheFile(), torn);
      expect((await lint('--format', 'json')).out).toBe(first.out);
    }
    expect(await readdir(path.dirname(cacheFile()))).toEqual(['lint.json']);
  });

  test('notices changed text of the same size and time, changed imports, new files, settings and functions', async () => {
    const use = 'import { http } from "./http.mjs";\nexport const f = () => http.get("https://a");\n';
    const past = new Date(Date.now() - 60_000);
    await files({ 'a.mjs': 'f("https://a");  \n', 'use.mjs': use });
    await utimes(path.join(folder, 'a.mjs'), past, past);
    expect((await lint()).out).toContain('No findings');
    await files({ 'a.mjs': 'fetch("https://");\n' });
    expect((await lint('--format', 'json')).out).toContain('missing-timeout');
    await files({ 'a.mjs': 'export {};\n', 'http.mjs': 'import axios from "axios";\nexport const http = axios;\n' });
    expect(found((await lint('--format', 'json')).out)).toEqual(['use.mjs:2 missing-timeout']);
    await files({ 'http.mjs': 'import axios from "axios";\nexport const http = axios.create({ timeout: 5 });\n' });
    expect(found((await lint('--format', 'json')).out)).toEqual([]);
    await files({ 'a.mjs': bad });
    expect((await lint()).code).toBe(1);
    expect((await lint('--rule', 'missing-timeout=off')).code).toBe(0);
    expect((await lint()).code).toBe(1);
  });

  test('--no-cache writes none', async () => {
    await files({ 'a.mjs': bad });
    await lint('--no-cache');
    await expect(stat(path.join(folder, '.faultline'))).rejects.toThrow();
  });
});

describe('bad input', () => {
  test('each is said once, and the rest is linted', async () => {
    await files({
      'bom.mjs': `\uFEFF${bad}`,
      'wide.mjs': Buffer.from(`\uFEFF${bad}`, 'utf16le'),
      'latin.mjs': Buffer.from("const a = 'é';\n", 'latin1'),
      'latin.py': Buffer.from(
        '# -*- coding: latin-1 -*-\nimport requests\ns = "é"\nrequests.get("https://a")\n',
        'latin1',
      ),
      'binary.py': new Uint8Array([1, 0, 2, 0]),
      'empty.mjs': '',
      'comment.py': '# nothing\r\n',
      'crlf.mjs': `\r\n${bad.replace('\n', '\r\n')}`,
      'broken.ts': 'const x = ;\n',
      'old.py': 'import os\nprint "a"\nprint "b"\n',
      'docs.py': '"""\nprint this\nraise X, y\n"""\n',
      'older.py': 'try:\n  f()\nexcept E, e:\n  raise X, "a"\n',
      'map.js': `${bad}//# sourceMappingURL=map.js.map\n`,
      'long.js': `f(${'a,'.repeat(4_000)}b);\n`,
      'deep.mjs': `x = ${'[\n'.repeat(20_000)}${']\n'.repeat(20_000)};\n`,
      'big.py': `${'# x\n'.repeat(1_400_000)}`,
      'types.d.ts': 'declare const a: number;\n',
    });
    await symlink('.', path.join(folder, 'loop'));
    const { out, err } = await lint('--format', 'json');
    expect(found(out)).toEqual([
      'bom.mjs:1 missing-timeout',
      'broken.ts:1 syntax-error',
      'crlf.mjs:2 missing-timeout',
      'deep.mjs:1 internal-error',
      'latin.py:4 missing-timeout',
      'old.py:2 syntax-error',
      'older.py:3 syntax-error',
      'wide.mjs:1 missing-timeout',
    ]);
    expect(out).toContain('This looks like Python 2 (a `print` statement in line 2)');
    expect(out).toContain('nested too deeply');
    expect(out).not.toContain(folder);
    expect(err).toBe(
      'faultline lint: cannot read binary.py: is binary, or UTF-16 without a byte order mark\n' +
        'faultline lint: cannot read latin.mjs: is not UTF-8 text; save it as UTF-8\n',
    );
    expect(JSON.parse(out)).toHaveProperty(
      'skipped',
      expect.objectContaining({ 'over 1 MB': 1, minified: 1, generated: 1, unreadable: 2 }),
    );
  });
});
