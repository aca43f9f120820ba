// Run as a process of its own by reaper.test.ts, and killed there: an emulator's pools without the emulator.
// usage: node reaper-host.mjs REPO TEMP HANDLER…; prints the process ids of its instances as JSON: all busy, frozen when
// the handler's name ends in `!`, stopped by a fault when it ends in `~`.
import path from 'node:path';
import { systemClock } from '../../../emulator/clock.js';
import { createPool } from '../../../emulator/instances/pool.js';
import { createReaper } from '../../../emulator/instances/reaper.js';
import { functionConfig } from '../../support/function-config.js';

const [, , repo = '', temp = '', ...handlers] = process.argv;
const reaper = createReaper({ tempDirs: [temp] });
let ids = 0;

const pids = handlers.map(async (handler) => {
  const freeze = handler.endsWith('!');
  const [file = '', exported = ''] = handler.replace(/[!~]/, '').split(':');
  const pool = createPool({
    function: functionConfig({
      name: 'subject',
      runtime: file.endsWith('.py') ? 'python' : 'node',
      handler: `${file.replace(/\.\w+$/, '')}.${exported}`,
      file: path.join(repo, 'test/fixtures/handlers', file),
      export: exported,
      timeoutMs: 600_000,
      memoryMb: 512,
      scaling: { min: 0, max: 1, idleMs: 60_000 },
      freeze,
    }),
    environment: {},
    endpoints: {},
    root: path.join(repo, 'test/fixtures/handlers'),
    clock: systemClock,
    hooks: { log: () => undefined, changed: () => undefined },
    policy: { pick: (candidates) => candidates[0] as (typeof candidates)[number] },
    nodePath: process.execPath,
    pythonPath: 'python3',
    runtimesDir: path.join(repo, 'emulator/instances/runtimes'),
    reaper,
    buildDir: temp,
    newInstanceId: () => `i${++ids}`,
  });
  const instance = await pool.acquire();
  if (!('run' in instance)) throw new Error(instance.message);
  const work = { requestId: 'r', payload: Buffer.from('{}'), deadline: Date.now() + 600_000, arn: '' };
  const ran = instance.run(work, 600_000);
  if (handler.endsWith('~')) instance.pause();
  if (freeze) await ran.then(() => pool.release(instance));
  return pool.snapshot().instances.map(({ pid }) => pid);
});
console.log(JSON.stringify((await Promise.all(pids)).flat()));
setInterval(() => undefined, 60_000);
