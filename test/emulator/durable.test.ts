import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { createClient } from '../../emulator/client.js';
import type { ReadyLine } from '../../emulator/contract/control.js';
import { seededRng } from '../../emulator/rng.js';
import { createWorkspace, until } from '../support/workspace.js';

/** Accepted means kept: the built command line is killed with SIGKILL again and again while events come in. */

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

interface Running {
  readonly child: ChildProcess;
  readonly ready: ReadyLine;
}

async function start(root: string): Promise<Running> {
  const argv = ['start', root, '--port', '0', '--control-port', '0', '--json', '--time-scale', '60'];
  const child = spawn(process.execPath, [cli, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanup.push(() => child.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, ready: JSON.parse(line) as ReadyLine };
}

/** @returns whether it was accepted */
async function sendEvent({ ready }: Running, n: number): Promise<boolean> {
  try {
    const response = await fetch(`${ready.gateway}/2015-03-31/functions/note/invocations`, {
      method: 'POST',
      headers: { 'x-amz-invocation-type': 'Event' },
      body: JSON.stringify({ n }),
    });
    return response.status === 202;
  } catch {
    return false;
  }
}

async function sqs({ ready }: Running, action: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(ready.gateway, {
    method: 'POST',
    headers: { 'x-amz-target': `AmazonSQS.${action}`, 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
}

it('no accepted event is lost over kills of the emulator, and no message of a queue', { timeout: 90_000 }, async () => {
  await using workspace = await createWorkspace({
    'faultline.yaml': 'functions: { note: { handler: note.handler, timeout: 10 } }\nqueues: { jobs: {} }\n',
    // Every third event fails on its first attempt, so that retries wait while the emulator is killed.
    'note.mjs': `import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
export const handler = async ({ n }) => {
  const failed = 'failed-' + n;
  if (n % 3 === 0 && !existsSync(failed)) { writeFileSync(failed, ''); throw new Error('first attempt'); }
  appendFileSync('effects.txt', n + '\\n');
};`,
  });
  const rng = seededRng('durable');
  const accepted = new Set<number>();
  let next = 0;
  for (let round = 0; round < 4; round++) {
    const running = await start(workspace.root);
    await sqs(running, 'SendMessage', {
      QueueUrl: 'http://x/000000000000/jobs',
      MessageBody: `round ${String(round)}`,
    });
    const killAt = accepted.size + 5 + Math.floor(rng.next() * 25);
    const exited = once(running.child, 'exit');
    const sender = async (): Promise<void> => {
      while (accepted.size < killAt) {
        const n = next++;
        if (!(await sendEvent(running, n))) return;
        accepted.add(n);
        if (accepted.size === killAt) running.child.kill('SIGKILL');
      }
    };
    await Promise.all([sender(), sender(), sender(), sender()]);
    await exited;
  }

  const last = await start(workspace.root);
  const client = createClient({ url: last.ready.control, token: last.ready.token });
  const effects = async (): Promise<number[]> =>
    (await readFile(path.join(workspace.root, 'effects.txt'), 'utf8').catch(() => ''))
      .split('\n')
      .filter(Boolean)
      .map(Number);
  // What ran when the emulator was killed comes back when its lease is over.
  await until('nothing is pending', async () => (await client.snapshot()).functions[0]?.async.pending === 0, 40_000);
  const seen = await effects();
  expect([...accepted].filter((n) => !seen.includes(n))).toEqual([]);
  // At least once, and seldom twice: what ran when the emulator was killed comes again.
  expect(seen.length - new Set(seen).size).toBeLessThan(accepted.size / 2);

  const { Messages } = await sqs(last, 'ReceiveMessage', {
    QueueUrl: 'http://x/000000000000/jobs',
    MaxNumberOfMessages: 10,
  });
  const bodies = (Messages as { Body: string }[]).map(({ Body }) => Body);
  expect(bodies.sort()).toEqual(['round 0', 'round 1', 'round 2', 'round 3']);

  const exit = once(last.child, 'exit');
  last.child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
});
