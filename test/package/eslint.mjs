// The plugin from the installed tarball, in a project that has ESLint and nothing else.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exec } from '../../scripts/lib/exec.mjs';
import { at } from '../../scripts/lib/paths.mjs';
import { StepError } from '../../scripts/lib/steps.mjs';
import { link } from './runners.mjs';

const files = {
  'eslint.config.mjs': `import faultline from 'faultline/eslint';
export default [
  faultline.configs.recommended,
  { files: ['strict/**'], ...faultline.configs.strict },
  { settings: { faultline: { functions: [{ file: 'deployed.mjs', timeoutMs: 10_000 }] } } },
];
`,
  'eslint.config.cjs': `const faultline = require('faultline/eslint');
module.exports = [faultline.configs.recommended];
`,
  'handler.mjs': `import { http, slow } from './lib/http.mjs';
export const a = () => fetch('https://a.example');
export const b = () => http.get('https://a.example');
export const c = () => slow.get('https://a.example');
// faultline-disable-next-line missing-timeout -- long poll
export const d = () => fetch('https://d.example');
// eslint-disable-next-line faultline/missing-timeout
export const e = () => fetch('https://e.example');
// faultline-disable-next-line missing-timeout
export const f = () => fetch('https://f.example');
`,
  'lib/http.mjs': `import axios from 'axios';
export const http = axios.create({ timeout: 2_000 });
export const slow = axios;
`,
  'page.jsx': `export const Page = () => <p>fine</p>;\n`,
  'old.cjs': `exports.handler = async () => { await fetch('https://a.example'); return { statusCode: 200 }; };\n`,
  'deployed.mjs': `export const handler = async () => fetch('https://a.example');\n`,
};

/** @param {string} project where the tarball is installed */
export async function eslintFinds(project) {
  const folder = join(project, 'linted');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await link(project, 'eslint');
  const run = async (/** @type {string} */ config, /** @type {string[]} */ ...args) => {
    const eslint = at('node_modules/eslint/bin/eslint.js');
    const { stdout, stderr } = await exec(
      process.execPath,
      [eslint, '--no-config-lookup', '-c', config, '-f', 'json', ...args],
      { cwd: folder, timeout: 60_000 },
    );
    try {
      return /** @type {{ filePath: string, messages: { ruleId: string, line: number }[] }[]} */ (JSON.parse(stdout));
    } catch {
      throw new StepError(`ESLint said:\n${stdout}\n${stderr}`);
    }
  };
  const shown = (/** @type {Awaited<ReturnType<typeof run>>} */ results, /** @type {string} */ name) =>
    results
      .find((each) => each.filePath.endsWith(name))
      ?.messages.map(({ ruleId, line }) => `${line} ${ruleId}`)
      .join(', ') ?? 'not linted';
  const expected = {
    'handler.mjs':
      '2 faultline/missing-timeout, 4 faultline/missing-timeout, 9 faultline/directive-without-reason, 10 faultline/missing-timeout',
    'page.jsx': '',
  };
  const jsx = await run('eslint.config.mjs', '--parser-options', 'ecmaFeatures:{jsx:true}', '.');
  for (const [name, findings] of Object.entries(expected)) {
    if (shown(jsx, name) !== findings)
      throw new StepError(`${name}: expected ${findings}, but saw ${shown(jsx, name)}`);
  }
  const common = await run('eslint.config.cjs', 'old.cjs');
  if (!shown(common, 'old.cjs').includes('faultline/missing-timeout')) {
    throw new StepError(`old.cjs: saw ${shown(common, 'old.cjs')}`);
  }
  return `${jsx.flatMap((each) => each.messages).length} findings`;
}
