import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { systemClock, type Clock } from '../../clock.js';
import { probeSchema } from '../../contract/probes.js';
import { createWorkspace } from '../../../test/support/workspace.js';
import { runProbe } from './run.js';

const never = new AbortController().signal;
const node = globalThis.process.execPath;

async function probe(given: object, root = '/', signal = never, clock: Clock = systemClock) {
  const spec = probeSchema.parse(given);
  const context = { emulator: undefined as never, logs: () => [], root, clock };
  const { passed, measured } = await runProbe(spec, 'during', context, signal);
  return [passed, measured];
}

const script = (code: string, more: object = {}): object => ({
  process: { command: node, args: ['-e', code] },
  ...more,
});

describe('a probe by process', () => {
  it('is well when it exits with 0', async () => {
    expect(await probe(script(''))).toEqual([true, 'exit code 0']);
    expect(await probe(script('console.error("no rows"); process.exit(3)'))).toEqual([false, 'exit code 3: no rows']);
  });

  it('checks what is expected of its exit code and output', async () => {
    const expected = { expect: { exitCode: 2, stdout: { regex: '^\\d+$' } } };
    expect(await probe(script('console.log(41); process.exitCode = 2', expected))).toEqual([
      true,
      'exit code 2, stdout "41"',
    ]);
    expect(await probe(script('console.log("x"); process.exitCode = 2', expected))).toEqual([false, 'stdout "x"']);
  });

  it('runs in the workspace, with its variables', async () => {
    await using workspace = await createWorkspace({ 'a.txt': 'here' });
    const code = 'console.log(require("fs").readFileSync("a.txt", "utf8") + process.env.WHO)';
    const process = { command: node, args: ['-e', code], env: { WHO: 'me' } };
    expect(await probe({ process, expect: { stdout: 'hereme' } }, workspace.root)).toEqual([true, 'stdout "hereme"']);
  });

  it('that cannot be started has failed', async () => {
    expect(await probe({ process: { command: './nowhere' } })).toEqual([false, expect.stringContaining('ENOENT')]);
  });

  it('that hangs is ended after its timeout, with all that it has started', async () => {
    await using workspace = await createWorkspace({ 'a.txt': '' });
    const file = path.join(workspace.root, 'pid');
    const child = 'require("fs").writeFileSync("pid", String(process.pid)); setInterval(() => {}, 1000)';
    const code = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" })`;
    const clock = new VirtualClock();
    const running = probe(script(code, { timeout: '3s' }), workspace.root, never, clock);
    const written = async (): Promise<number> => Number(await readFile(file, 'utf8').catch(() => '0'));
    await expect.poll(written, { timeout: 15_000 }).toBeGreaterThan(0);
    const pid = await written();
    await clock.advance(3_000);
    expect(await running).toEqual([false, 'no answer within 3000 ms']);
    await expect.poll(() => alive(pid), { timeout: 10_000 }).toBe(false);
  }, 30_000);

  it('ends with the run', async () => {
    const stop = new AbortController();
    const running = probe(script('setInterval(() => {}, 1000)', { timeout: '60s' }), '/', stop.signal);
    stop.abort();
    expect(await running).toEqual([false, 'the run ended first']);
  });
});

function alive(pid: number): boolean {
  try {
    return globalThis.process.kill(pid, 0);
  } catch {
    return false;
  }
}
