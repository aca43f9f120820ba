import { parentPort, workerData } from 'node:worker_threads';
import { createLinter, languageOf, type FaultlineLinter } from '../lint/index.js';
import type { Language } from '../emulator/contract/findings.js';
import type { LintAnswer, LintRequest, LintWorkerData } from './lint-client.js';

/**
 * Lints beside the extension host: a parser of TypeScript's size neither slows the editor's start nor its typing.
 */

const { wasm } = workerData as LintWorkerData;
const timeouts = new Map<string, number>();
const functionTimeout = (file: string): number | undefined => timeouts.get(file);

/** One for scripts and one for Python, each when it is first needed. */
const linters = new Map<string, Promise<FaultlineLinter>>();

function linterFor(language: Language): Promise<FaultlineLinter> {
  const languages: Language[] = language === 'python' ? ['python'] : ['javascript', 'typescript'];
  const key = languages.join();
  const linter = linters.get(key) ?? createLinter({ languages, pythonWasm: wasm, functionTimeout });
  linters.set(key, linter);
  return linter;
}

async function answer(request: LintRequest): Promise<LintAnswer> {
  const language = request.language ?? languageOf(request.file);
  if (language === undefined) return { id: request.id, findings: [] };
  if (request.timeout === undefined) timeouts.delete(request.file);
  else timeouts.set(request.file, request.timeout);
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
