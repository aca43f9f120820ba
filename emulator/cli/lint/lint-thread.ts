import { parentPort, workerData } from 'node:worker_threads';
import { readOnce } from '../../../lint/disk.js';
import { installedIn } from '../../../lint/installed.js';
import { createFileLinter } from './lint-file.js';
import type { Answer, Task } from './pool.js';
import type { FileResult } from './result.js';

/** One thread of `faultline lint`: lints its stretch of files and ends. */

const { files, pythonWasm } = workerData as Task;
const known = new Map(files.map((each) => [each.file, each]));
const disk = readOnce();
const linter = createFileLinter({
  profileOf: (file) => known.get(file)?.profile ?? { preset: 'recommended', rules: {} },
  surroundings: (file) => ({
    functions: known.get(file)?.functions ?? [],
    installed: installedIn(disk, file),
  }),
  pythonWasm,
});
const results: [string, FileResult][] = [];
for (const { file } of files) results.push([file, await linter.lint(file)]);
parentPort?.postMessage({ results, lookups: linter.lookups() } satisfies Answer);
