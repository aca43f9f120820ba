import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { createClient } from '../../../emulator/client.js';
import type { ReadyLine } from '../../../emulator/contract/control.js';
import type { FaultSpec } from '../../../emulator/contract/faults.js';
import { createWorkspace, isAlive, until } from '../../support/workspace.js';
import { linux, stateOf } from './process.js';

/** The built command line is killed with SIGKILL in the middle of its faults: nothing of them is left. */

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

const NODE = `import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
export const handler = async ({ spawns }) => {
  if (spawns) writeFileSync('spawned', String(spawn('sleep', ['600'], { stdio: 'ignore' }).pid));
  await new Promise((resolve) => setTimeout(resolve, 600_000));
};`;
const PYTHON = `import time
def handler(event, context):
    time.sleep(600)
`;

/** One function of each language for each fault, so that all are in the middle of it at the same time. */
const FAULTS: Readonly<Record<string, FaultSpec>> = {
  latency: { kind: 'latency', params: { ms: 600_000 } },
  hang: { kind: 'hang' },
  cpu: { kind: 'cpu', params: { share: 5 } },
  ...(linux ? { descriptors: { kind: 'descriptors' } } : {}),
};
const KINDS = Object.keys(FAULTS);
const FUNCTIONS = KINDS.flatMap((kind) => [`${kind}-node`, `${kind}-python`]);
const CONFIG = `functions:
${FUNCTIONS.map((name) => `  ${name}: { handler: ${name.split('-')[1] ?? ''}.handler, timeout: 900 }`).join('\n')}
`;

it(
  'a SIGKILL of the emulator ends every fault: no process, nothing stopped, no files',
  { timeout: 60_000 },
  async () => {
    await using workspace = await createWorkspace({ 'faultline.yaml': CONFIG, 'node.mjs': NODE, 'python.py': PYTHON });
    const argv = ['start', workspace.root, '--port', '0', '--control-port', '0', '--json'];
    const child = spawn(process.execPath, [cli, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
    cleanup.push(() => child.kill('SIGKILL'));
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const ready = JSON.parse(line) as ReadyLine;
    const client = createClient({ url: ready.control, token: ready.token });

    for (const kind of KINDS) await client.faults.add({ ...(FAULTS[kind] as FaultSpec), function: `${kind}-*` });
    const unanswered = new AbortController();
    cleanup.push(() => unanswered.abort());
    for (const name of FUNCTIONS) {
      const event = { spawns: name === 'cpu-node' };
      client.invoke({ function: name, event }, unanswered.signal).catch(() => undefined);
    }
    const spawned = path.join(workspace.root, 'spawned');
    await until(
      'every fault has hit both languages',
      async () => (await client.faults.list()).every(({ injected }) => injected === 2) && existsSync(spawned),
      30_000,
    );
    const { functions } = await client.snapshot();
    const leaders = functions.flatMap(({ instances }) =>
      instances.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    );
    expect(leaders).toHaveLength(FUNCTIONS.length);
    const pids = [...leaders, Number(readFileSync(spawned, 'utf8'))];
    expect(await Promise.all(pids.map(isAlive))).not.toContain(false);
    if (linux) await until('the starved one is stopped', () => pids.some((pid) => stateOf(pid) === 'T'));
    const builds = (): string[] =>
      readdirSync(path.join(workspace.root, '.faultline')).filter((name) => name.startsWith('build-'));
    expect(builds()).toHaveLength(1);

    child.kill('SIGKILL');
    const isGone = async (): Promise<boolean> =>
      (await Promise.all(pids.map(isAlive))).every((alive) => !alive) && builds().length === 0;
    await until('no process and no file is left', isGone);
    expect(leaders.filter(groupIsThere)).toEqual([]);
  },
);

/** Whether a process of the group is left that is not waiting to be collected. */
function groupIsThere(leader: number): boolean {
  if (!linux) return false;
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const [state, , group] = (/\) (.*)$/s.exec(readFileSync(`/proc/${entry}/stat`, 'utf8'))?.[1] ?? '').split(' ');
      return Number(group) === leader && state !== 'Z';
    } catch {
      return false;
    }
  });
}
