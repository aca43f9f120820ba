import { parentPort, workerData } from 'node:worker_threads';
import { noSurroundings } from '../lint/deployment.js';
import { diskFiles } from '../lint/disk.js';
import { createLinter, languageOf } from '../lint/index.js';
import type { DeployedFunction, FaultlineLinter, Surroundings } from '../lint/index.js';
import type { Language } from '../emulator/contract/findings.js';
import type { LintAnswer, LintRequest, LintWorkerData } from './lint-client.js';

/**
 * Lints beside the extension host: a parser of TypeScript's size neither slows the editor's start nor its typing.
 */

const { wasm } = workerData as LintWorkerData;
const functions = new Map<string, readonly DeployedFunction[]>();
const surroundings = (file: string): Surroundings => ({ ...noSurroundings, functions: functions.get(file) ?? [] });
const files = diskFiles();

/** One for scripts and one for Python, each when it is first needed. */
const linters = new Map<string, Promise<FaultlineLinter>>();

function linterFor(language: Language): Promise<FaultlineLinter> {
  const languages: Language[] = language === 'python' ? ['python'] : ['javascript', 'typescript'];
  const key = languages.join();
  const linter = linters.get(key) ?? createLinter({ languages, pythonWasm: wasm, surroundings, files });
  linters.set(key, linter);
  return linter;
}

async function answer(request: LintRequest): Promise<LintAnswer> {
  const language = request.language ?? languageOf(request.file);
  if (language === undefined) return { id: request.id, findings: [] };
  functions.set(request.file, request.functions);
  try {
    const linter = await linterFor(language);
    return { id: request.id, findings: linter.lintText(request.text, { file: request.file, language }) };
  } catch (error) {
    linters.clear();
    return {
      id: request.id,
      findings: [],
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

parentPort?.on('message', (request: LintRequest) => {
  void answer(request).then((reply) => parentPort?.postMessage(reply));
});
