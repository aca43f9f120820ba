import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from './exec.mjs';
import { artifactsDir } from './paths.mjs';

/** Makes the npm tarball of what package.json's `files` names. @returns {Promise<string>} its path */
export async function packNpm() {
  await mkdir(artifactsDir, { recursive: true });
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', artifactsDir, '--loglevel=error'];
  const { stdout } = await must('npm', args);
  const reply = JSON.parse(stdout);
  // npm 12 answers with an object by package name, earlier ones with a list.
  const [{ filename }] = Object.values(reply);
  return join(artifactsDir, filename);
}
