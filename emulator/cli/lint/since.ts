import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { FaultlineError } from '../../contract/errors.js';

/** What has changed since a revision: committed, staged, not staged, and not yet known to git. */

export interface Changes {
  /** True for a file that was changed, added or removed. */
  has(file: string): boolean;
  readonly size: number;
}

/**
 * @param revision as typed: a commit, a branch, a tag, HEAD~2
 * @throws FaultlineError USAGE when there is no git, no repository, or no such revision
 */
export async function changesSince(revision: string, cwd: string, signal: AbortSignal): Promise<Changes> {
  // Git would read it as an option; no revision's name begins like this.
  if (revision.startsWith('-') || revision.trim() === '') {
    throw new FaultlineError('USAGE', `--since takes a revision of git, not "${revision}".`, {
      hint: 'for example --since main',
    });
  }
  const git = (...args: string[]): Promise<Answer> => run(args, cwd, signal);
  const root = await git('rev-parse', '--show-toplevel');
  if (root.code !== 0) {
    throw new FaultlineError('USAGE', `--since ${revision}: this folder is in no git repository`, {
      hint: `git says: ${root.error}`,
    });
  }
  const top = root.out.replace(/\r?\n$/, '');
  const commit = await git('rev-parse', '--verify', '--quiet', `${revision}^{commit}`);
  if (commit.code !== 0) {
    throw new FaultlineError('USAGE', `--since: git knows no revision "${revision}"`, {
      hint: 'in CI, fetch it first: a shallow clone has the last commit only',
    });
  }
  const sha = commit.out.trim();
  const inTop = (...args: string[]): Promise<Answer> => run(['-C', top, ...args], cwd, signal);
  const answers = await Promise.all([
    inTop('diff', '--name-only', '--no-renames', '--no-ext-diff', '-z', sha, '--'),
    inTop('ls-files', '--others', '--exclude-standard', '-z', '--'),
  ]);
  const failed = answers.find((each) => each.code !== 0);
  if (failed !== undefined) throw new FaultlineError('USAGE', `--since ${revision}: git failed: ${failed.error}`);
  const names = answers.flatMap((each) => each.out.split('\0')).filter((name) => name !== '');
  const changed = new Set(names.map((name) => path.join(top, name)));
  return { size: changed.size, has: (file) => changed.has(file) || changed.has(real(file)) };
}

/** Git gives real paths; a working directory may be reached through a link. */
function real(file: string): string {
  try {
    return path.join(realpathSync(path.dirname(file)), path.basename(file));
  } catch {
    return file;
  }
}

interface Answer {
  readonly code: number;
  readonly out: string;
  /** First line of what it complained about. */
  readonly error: string;
}

function run(args: readonly string[], cwd: string, signal: AbortSignal): Promise<Answer> {
  const options = { cwd, signal, maxBuffer: 256 * 1024 * 1024, encoding: 'utf8', windowsHide: true } as const;
  // A file system monitor that a repository configures is a program that need not run for this.
  return new Promise((done, fail) => {
    execFile('git', ['-c', 'core.fsmonitor=false', ...args], options, (error, out, err) => {
      if (error === null) done({ code: 0, out, error: '' });
      else if (error.code === 'ENOENT') {
        fail(
          new FaultlineError('USAGE', '--since needs git, and there is no program of that name', {
            hint: 'install git, or name the files to lint',
          }),
        );
      } else if (signal.aborted) fail(error);
      else done({ code: 1, out, error: err.trim().split('\n')[0] ?? error.message });
    });
  });
}
