import { Worker } from 'node:worker_threads';
import type { Finding, Language } from '../emulator/contract/findings.js';
import type { DeployedFunction } from '../lint/index.js';

/** The extension's end of `lint-worker.ts`: started with the first file, started again should it break. */

export interface LintRequest {
  readonly id: number;
  readonly text: string;
  readonly file: string;
  readonly language?: Language;
  /** The functions whose handlers are in the file. */
  readonly functions: readonly DeployedFunction[];
}

/** A document was closed, or a file changed without the editor. */
export interface ForgetRequest {
  readonly file: string;
  readonly gone: boolean;
}

export interface LintAnswer {
  readonly id: number;
  readonly findings: readonly Finding[];
  /** Open files that import this one, when its text is new: their findings may be others now. */
  readonly importing: readonly string[];
  readonly error?: string;
}

type Answer = Pick<LintAnswer, 'findings' | 'importing'>;

export interface LintWorkerData {
  readonly wasm: { readonly runtime: string; readonly grammar: string };
}

export class LintClient {
  readonly #script: string;
  readonly #data: LintWorkerData;
  readonly #onError: (message: string) => void;
  #worker: Worker | undefined;
  #next = 1;
  readonly #waiting = new Map<number, (answer: Answer) => void>();

  /**
   * @param script `dist/lint-worker.cjs`
   * @param onError told about defects; a file that could not be linted has no findings
   */
  constructor(script: string, data: LintWorkerData, onError: (message: string) => void) {
    this.#script = script;
    this.#data = data;
    this.#onError = onError;
  }

  lint(request: Omit<LintRequest, 'id'>): Promise<Answer> {
    const id = this.#next++;
    return new Promise((done) => {
      this.#waiting.set(id, done);
      this.#started().postMessage({ ...request, id } satisfies LintRequest);
    });
  }

  /** @param gone a document was closed: what is on the disk counts again */
  forget(file: string, gone: boolean): void {
    this.#worker?.postMessage({ file, gone } satisfies ForgetRequest);
  }

  dispose(): void {
    void this.#worker?.terminate();
    this.#giveUp();
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#script, { workerData: this.#data });
    // A window that closes does not wait for it.
    worker.unref();
    worker.on('message', ({ id, findings, importing, error }: LintAnswer) => {
      if (error !== undefined) this.#onError(error);
      this.#waiting.get(id)?.({ findings, importing });
      this.#waiting.delete(id);
    });
    worker.on('error', (error) => this.#onError(error.stack ?? error.message));
    worker.on('exit', () => {
      if (this.#worker === worker) this.#giveUp();
    });
    this.#worker = worker;
    return worker;
  }

  #giveUp(): void {
    this.#worker = undefined;
    for (const done of this.#waiting.values()) done({ findings: [], importing: [] });
    this.#waiting.clear();
  }
}
