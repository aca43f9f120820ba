import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exec } from './exec.mjs';
import { at, toolsDir } from './paths.mjs';
import { StepError } from './steps.mjs';

/**
 * The contract crosses every boundary: it must compile with what Node offers and nothing of a browser, and the other
 * way round.
 */
const contractProjects = {
  node: { lib: ['ES2023', 'ESNext.Disposable'], types: ['node'] },
  browser: { lib: ['ES2022', 'DOM', 'ESNext.Disposable'], types: [], module: 'ESNext', moduleResolution: 'Bundler' },
};

/** Checks one project; what the compiler says is the error. @param {string} project path of its tsconfig */
export async function typeCheck(project) {
  if (!existsSync(project)) throw new StepError(`no ${project}`);
  const { code, stdout } = await exec(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', project]);
  if (code !== 0) throw new StepError(stdout.trim());
}

/** @param {keyof typeof contractProjects} where */
export async function typeCheckContract(where) {
  const folder = join(toolsDir, 'tsconfig');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `contract.${where}.json`);
  const project = {
    extends: at('tsconfig.json'),
    compilerOptions: { ...contractProjects[where], typeRoots: [at('node_modules/@types')] },
    include: [at('emulator/contract')],
    exclude: [at('emulator/contract/**/*.test.ts')],
  };
  await writeFile(file, JSON.stringify(project));
  await typeCheck(file);
}
