import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** Ends what an emulator that was killed with SIGKILL leaves behind. */
export interface Reaper {
  /** @param pid leader of a process group */
  add(pid: number): void;
  remove(pid: number): void;
  /** Kills the groups that are left, removes the folders, and ends. */
  dispose(): Promise<void>;
}

/**
 * Reads `+pid` and `-pid` lines. When the other end of its input is gone, for whatever reason, it kills what is left and
 * removes the folders that it was given as arguments. Signals of a terminal are not for it.
 */
const SCRIPT = `
trap '' HUP INT TERM QUIT
groups=' '
while read -r line; do
  pid=\${line#?}
  case $line in
    +*) groups="$groups$pid " ;;
    -*) case $groups in *" $pid "*) groups="\${groups%% $pid *} \${groups#* $pid }" ;; esac ;;
  esac
done
for pid in $groups; do kill -9 -$pid 2>/dev/null; done
for folder in "$@"; do rm -rf -- "$folder"; done
`;

/**
 * One small shell process per emulator, in a session of its own. Windows has no process groups: there, instances end by
 * themselves when their channel ends (a handler that blocks its event loop then stays until it returns).
 * @param options.tempDirs absolute folders that belong to this emulator alone
 */
export function createReaper(options: { readonly tempDirs: readonly string[] }): Reaper {
  if (process.platform === 'win32')
    return { add: () => undefined, remove: () => undefined, dispose: async () => undefined };
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'faultline-reaper', ...options.tempDirs], {
    detached: true,
    // Not in the workspace, which it would keep from being removed or unmounted.
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  child.stdin.on('error', () => undefined);
  // It must not keep the emulator's event loop alive: it outlives it.
  child.unref();
  (child.stdin as unknown as Socket).unref();
  const write = (line: string): void => {
    if (child.stdin.writable) child.stdin.write(line);
  };
  return {
    add: (pid) => write(`+${pid}\n`),
    remove: (pid) => write(`-${pid}\n`),
    async dispose() {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
