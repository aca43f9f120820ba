import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { PythonWasm } from '../../../lint/index.js';
import type { DeployedFunction } from '../../../lint/index.js';
import type { Profile } from './project.js';
import type { RunOptions } from './run.js';
import type { FileResult, Lookups } from './result.js';

/** Lints on several threads. Each loads the parsers for itself, so that it pays for many files only. */

/** Below this the threads take longer to start than the files to lint. */
const MIN_FILES = 200;
/** Each has parsers and syntax trees of its own: about 200 MB. */
const MAX_THREADS = 8;
const TOGETHER = 20;

/** What a thread gets to do. */
export interface Task {
  readonly files: readonly { file: string; profile: Profile; functions: readonly DeployedFunction[] }[];
  readonly pythonWasm: PythonWasm | undefined;
}

export interface Answer {
  readonly results: readonly (readonly [string, FileResult])[];
  readonly lookups: Lookups;
}

/** The thread's file in a shipped build; sources cannot be started as one. */
const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'lint-thread.js');

/** @returns undefined where one thread is as good */
export function poolFor(files: readonly string[], options: RunOptions): Promise<Answer> | undefined {
  const threads = Math.min(availableParallelism(), MAX_THREADS, Math.floor(files.length / (MIN_FILES / 2)));
  if (files.length < MIN_FILES || threads < 2 || !existsSync(script)) return undefined;
  // Neighbours import each other, so they stay together; one language takes longer than another, so they are dealt out.
  const parts = Array.from({ length: threads }, (_, thread) =>
    files.filter((_file, index) => Math.floor(index / TOGETHER) % threads === thread),
  );
  return Promise.all(parts.map((part) => work(part, options))).then((answers) => ({
    results: answers.flatMap((each) => each.results),
    lookups: {
      absent: answers.flatMap((each) => each.lookups.absent),
      settings: answers.flatMap((each) => each.lookups.settings),
    },
  }));
}

function work(files: readonly string[], { project, pythonWasm, signal }: RunOptions): Promise<Answer> {
  const task: Task = {
    files: files.map((file) => ({ file, profile: project.profileOf(file), functions: project.functionsOf(file) })),
    pythonWasm,
  };
  return new Promise((done, fail) => {
    const worker = new Worker(script, { workerData: task });
    const stop = (): void => {
      void worker.terminate();
      done({ results: [], lookups: { absent: [], settings: [] } });
    };
    signal.addEventListener('abort', stop, { once: true });
    worker.once('message', (answer: Answer) => done(answer));
    worker.once('error', fail);
    worker.once('exit', (code) => {
      signal.removeEventListener('abort', stop);
      if (code !== 0) fail(new Error(`a lint thread ended with ${String(code)}`));
    });
  });
}
