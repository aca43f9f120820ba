import { parentPort, workerData } from 'node:worker_threads';
import { diskFiles } from '../lint/disk.js';
import { installedIn } from '../lint/installed.js';
import { createLinter, languageOf } from '../lint/index.js';
import type { DeployedFunction, FaultlineLinter, ProjectFiles, Surroundings } from '../lint/index.js';
import type { Language } from '../emulator/contract/findings.js';
import type { ForgetRequest, LintAnswer, LintRequest, LintWorkerData } from './lint-client.js';
import { profileFor } from './lint-settings.js';
import type { LintProfile } from './lint-settings.js';

/**
 * Lints beside the extension host: a parser of TypeScript's size neither slows the editor's start nor its typing.
 */

const { wasm } = workerData as LintWorkerData;
const functions = new Map<string, readonly DeployedFunction[]>();
const disk = diskFiles();

/** The texts of open documents, as the editor has them: newer than what is on the disk. */
const open = new Map<string, string>();
const files: ProjectFiles = {
  isFile: (path) => open.has(path) || disk.isFile(path),
  read: (path) => open.get(path) ?? disk.read(path),
};
const surroundings = (file: string): Surroundings => ({
  functions: functions.get(file) ?? [],
  installed: installedIn(files, file),
});

/** One for scripts and one for Python, for each way to lint, when it is first needed. */
const linters = new Map<string, Promise<FaultlineLinter>>();

function linterFor(language: Language, profile: LintProfile): Promise<FaultlineLinter> {
  const languages: Language[] = language === 'python' ? ['python'] : ['javascript', 'typescript'];
  const key = JSON.stringify([languages, profile]);
  const linter = linters.get(key) ?? createLinter({ languages, ...profile, pythonWasm: wasm, surroundings, files });
  linters.set(key, linter);
  return linter;
}

const pathOf = (file: string): string => file.replaceAll('\\', '/');

/** What was concluded from a file is not true any more. @returns the open files that import it */
async function forget(file: string): Promise<string[]> {
  const path = pathOf(file);
  disk.forget(path);
  const all = await Promise.all(linters.values());
  const importing = [...open.keys()].filter(
    (other) => other !== path && all.some((linter) => linter.dependencies(other).includes(path)),
  );
  for (const linter of all) linter.forget(path);
  return importing;
}

/** Takes the text of a document. @returns the open files that import it, when the text is another one */
async function taken({ file, text }: LintRequest): Promise<string[]> {
  const path = pathOf(file);
  if (open.get(path) === text) return [];
  open.set(path, text);
  return forget(file);
}

async function answer(request: LintRequest): Promise<LintAnswer> {
  const language = request.language ?? languageOf(request.file);
  if (language === undefined) return { id: request.id, findings: [], importing: [] };
  functions.set(request.file, request.functions);
  try {
    const importing = await taken(request);
    const profile = profileFor(request.file);
    if (profile === undefined) return { id: request.id, findings: [], importing };
    const linter = await linterFor(language, profile);
    const findings = linter.lintText(request.text, { file: request.file, language });
    return { id: request.id, findings, importing };
  } catch (error) {
    linters.clear();
    return {
      id: request.id,
      findings: [],
      importing: [],
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

parentPort?.on('message', (message: LintRequest | ForgetRequest) => {
  if ('gone' in message) {
    if (message.gone) open.delete(pathOf(message.file));
    void forget(message.file);
  } else void answer(message).then((reply) => parentPort?.postMessage(reply));
});
