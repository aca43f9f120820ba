#!/usr/bin/env node
// What linting costs: 1 000 handlers of about 100 lines, cold and from the cache, and one of 1 000 lines as the editor lints
// it again; beside ESLint's recommended set on the same JavaScript and TypeScript, and ruff and pylint on the same Python where
// they are installed. Build dist/ first.
//   --files N (1000)  --rounds N (3)
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { longFile, writeHandlers } from './lib/handlers.mjs';
import { median } from './lib/processes.mjs';

const { values } = parseArgs({
  options: { files: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '3' } },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'faultline-bench-lint-'));
const cli = join(root, 'dist/cli.js');

/** @param {string} program @param {string[]} args @returns {number | undefined} seconds; undefined where there is no such program */
function time(program, args) {
  const begin = performance.now();
  const { error, status, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error) return undefined;
  if (/No module named/.test(stderr)) return undefined;
  if (status === null || status > 2) throw new Error(`${program} ended with ${String(status)}: ${stderr}`);
  return (performance.now() - begin) / 1_000;
}

/** @param {() => number | undefined} once */
function rounds(once) {
  const all = Array.from({ length: Number(values.rounds) }, once).filter((each) => each !== undefined);
  return all.length === 0 ? undefined : median(all);
}

/** @param {string} name @param {number | undefined} seconds @param {number} [base] */
function say(name, seconds, base) {
  const ratio = seconds === undefined || base === undefined ? '' : `  ${(seconds / base).toFixed(2)} × faultline`;
  console.log(`${name.padEnd(44)}${seconds === undefined ? 'not installed' : `${seconds.toFixed(2)} s${ratio}`}`);
}

/** The engine alone, as the editor's thread has it. */
async function warm() {
  const outfile = join(root, 'dist/bench-lint.mjs');
  const banner =
    "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url); const __filename = import.meta.filename ?? ''; const __dirname = '';";
  const options = { bundle: true, platform: 'node', format: 'esm', outfile, banner: { js: banner }, logLevel: 'error' };
  await esbuild.build({ ...options, absWorkingDir: root, entryPoints: ['lint/index.ts'] });
  try {
    const { createLinter } = await import(outfile);
    const linter = await createLinter({ languages: ['javascript', 'typescript'] });
    const text = longFile();
    const times = Array.from({ length: 30 }, (_, index) => {
      const begin = performance.now();
      linter.lintText(`${text}// ${index}\n`, { file: '/p/long.mjs' });
      return performance.now() - begin;
    });
    return { lines: text.split('\n').length, ms: median(times.slice(10)) };
  } finally {
    await rm(outfile, { force: true });
  }
}

try {
  const lines = await writeHandlers(folder, Number(values.files));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  await writeFile(
    join(folder, 'eslint.config.mjs'),
    `import js from '@eslint/js';\nimport tseslint from 'typescript-eslint';\nexport default [js.configs.recommended, ...tseslint.configs.recommended];\n`,
  );
  const lint = (/** @type {string[]} */ ...args) =>
    rounds(() => time(process.execPath, [cli, 'lint', '--format', 'json', ...args]));
  console.log(`${values.files} files, ${lines} lines, node ${process.version}, median of ${values.rounds}`);
  say('faultline, all, no cache', lint('--no-cache'));
  lint();
  say('faultline, all, cached', lint());
  const scripts = lint('--no-cache', 'js', 'ts', 'lib');
  say('faultline, JavaScript and TypeScript', scripts);
  const eslint = [join(root, 'node_modules/eslint/bin/eslint.js'), '-f', 'json', 'js', 'ts', 'lib'];
  say(
    'ESLint and typescript-eslint, recommended',
    rounds(() => time(process.execPath, eslint)),
    scripts,
  );
  const python = lint('--no-cache', 'py');
  say('faultline, Python', python);
  say(
    'ruff',
    rounds(() => time('ruff', ['check', '--no-cache', 'py'])),
    python,
  );
  say(
    'pylint',
    rounds(() => time('python3', ['-m', 'pylint', '--disable=all', '--enable=E,W', 'py'])),
    python,
  );
  const { lines: long, ms } = await warm();
  console.log(`${`faultline, one file of ${long} lines, warm`.padEnd(44)}${ms.toFixed(0)} ms`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
