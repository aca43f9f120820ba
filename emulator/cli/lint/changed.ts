import type { CliIo } from '../types.js';
import type { Project } from './project.js';
import type { FileResult } from './result.js';

/** `--since`: the files that changed, and those whose findings follow from one that did. */

export interface ChangedOnly {
  /** None when nothing has changed at all, else all: only linting tells which files follow which. */
  worthLooking(files: readonly string[]): readonly string[];
  of(results: ReadonlyMap<string, FileResult>): ReadonlyMap<string, FileResult>;
}

const everything: ChangedOnly = { worthLooking: (files) => files, of: (results) => results };

export async function changedOnly(revision: string | undefined, project: Project, io: CliIo): Promise<ChangedOnly> {
  if (revision === undefined) return everything;
  const { changesSince } = await import('./since.js');
  const changes = await changesSince(revision, io.cwd, io.signal);
  const concerns = (file: string, result: FileResult): boolean => {
    const config = project.configOf(file);
    // A function's timeout and routes are as good as code of its handler.
    if (config !== undefined && project.functionsOf(file).length > 0 && changes.has(config)) return true;
    return changes.has(file) || result.dependencies.some((each) => changes.has(each));
  };
  return {
    worthLooking: (files) => (changes.size === 0 ? [] : files),
    of: (results) => new Map([...results].filter(([file, result]) => concerns(file, result))),
  };
}
