import type { Emulator } from '../../../emulator/contract/library.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createWorkspace } from '../../support/workspace.js';

/** Handlers that count their calls, in both languages, and handlers that call those through the gateway and tell what they got. */

const NODE = `let calls = 0;
exports.counted = async () => ({ statusCode: 200, body: String(++calls) });
exports.caller = async ({ path }) => {
  const reply = await fetch(process.env.GATEWAY + path);
  return { status: reply.status, body: await reply.text() };
};
`;
const PYTHON = `
import os, urllib.error, urllib.request
calls = 0
def counted(event, context):
    global calls
    calls += 1
    return {"statusCode": 200, "body": str(calls)}
def caller(event, context):
    try:
        with urllib.request.urlopen(os.environ["GATEWAY"] + event["path"]) as reply:
            return {"status": reply.status, "body": reply.read().decode()}
    except urllib.error.HTTPError as error:
        return {"status": error.code, "body": error.read().decode()}
`;
const CONFIG = `environment: { GATEWAY: '\${gateway}' }
functions:
${['node', 'python']
  .map(
    (name) => `  ${name}: { handler: ${name}.counted, scaling: { max: 1 }, events: [{ http: GET /${name} }] }
  ${name}-caller: { handler: ${name}.caller, timeout: 10 }`,
  )
  .join('\n')}
`;

/** An emulator over those handlers; `stop` ends it and removes its workspace. */
export async function startCounting(): Promise<{ emulator: Emulator; stop(): Promise<void> }> {
  const workspace = await createWorkspace({ 'node.js': NODE, 'python.py': PYTHON, 'faultline.yaml': CONFIG });
  const emulator = await startEmulator({ root: workspace.root, seed: 1 });
  return {
    emulator,
    async stop() {
      await emulator.stop();
      await workspace[Symbol.asyncDispose]();
    },
  };
}
