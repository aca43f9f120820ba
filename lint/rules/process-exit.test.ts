import { ruleTests } from '../testing.js';

const handler = (body: string): string => `export const handler = async (event) => {\n${body}\n};\n`;

ruleTests('process-exit', {
  valid: [
    { why: 'it throws', code: handler('throw new Error("x");') },
    { why: 'a script', file: 'migrate.js', code: `#!/usr/bin/env node\nfunction run() { process.exit(1); }\nrun();` },
    {
      why: 'a file without handler',
      file: 'server.mjs',
      code: `export function start() { if (!port) process.exit(1); }`,
    },
    {
      why: 'a signal',
      code: `process.on('SIGTERM', async () => { await pool.end(); process.exit(0); });\n${handler('return 1;')}`,
    },
    {
      why: 'a shutdown function',
      code: `function shutdown() { process.exit(0); }\nprocess.on('SIGTERM', shutdown);\n${handler('return 1;')}`,
    },
    { why: 'while the module loads', code: `if (!process.env.TABLE) process.exit(1);\n${handler('return 1;')}` },
    {
      why: 'the script in the same file',
      file: 'handler.js',
      code: `exports.handler = async (event) => event;\nif (require.main === module) { exports.handler({}).then(() => process.exit(0)); }`,
    },
    { why: 'another object’s exit', code: handler('span.exit();') },
    { why: 'asking whether a process lives', code: handler('process.kill(process.pid, "0");') },
  ],
  invalid: [
    {
      why: 'in a handler',
      code: handler('try { await load(); } catch (e) {\n  console.error(e);\n  process.exit(1);\n}'),
      finds: ['4: `process.exit` ends the instance'],
      severity: 'warning',
    },
    {
      why: 'in a helper of the file',
      code: `${handler('fail();')}function fail() {\n  process.exit(1);\n}\n`,
      finds: ['5: `process.exit`'],
    },
    {
      why: 'in a callback',
      code: `exports.handler = (event, context, callback) => {\n  db.query('SELECT 1', (err) => { if (err) process.exit(1); callback(null); });\n};\n`,
      finds: ['2: '],
    },
    { why: 'imported', code: `import { exit } from 'node:process';\n${handler('exit(1);')}`, finds: ['3: '] },
    { why: 'abort', code: handler('process.abort();'), finds: ['2: `process.abort`'] },
    { why: 'a signal to itself', code: handler('process.kill(process.pid, "SIGTERM");'), finds: ['2: `process.kill`'] },
    {
      why: 'a helper of another file',
      code: `import { fail } from './fail.mjs';\n${handler('fail(event);')}`,
      beside: { 'fail.mjs': 'export function fail(event) {\n  console.error(event);\n  process.exit(1);\n}' },
      finds: ['3: `fail` ends the instance (line 3 of fail.mjs)'],
    },
  ],
});
