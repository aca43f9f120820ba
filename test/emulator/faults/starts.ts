/** For tests of faults of the start: functions that tell how often their process was called, and what they see of the fault. */
export const STARTS = {
  'faultline.yaml': `
functions:
  node-fn: { handler: node-fn.handler, timeout: 20, memory: 512, events: [{ http: GET /node }] }
  graceful: { handler: graceful.handler, timeout: 60, memory: 512 }
  python-fn: { handler: shop_fn.handler, timeout: 20, memory: 512 }
  provided-fn:
    runtime: provided
    handler: mine.main
    bootstrap: [node, provided-fn.cjs]
    timeout: 20
    memory: 512
`,
  'node-fn.cjs': `
let calls = 0;
const told = Object.keys(process.env).filter((name) => name.startsWith('FAULTLINE_INIT'));
console.log('the module is loaded');
exports.handler = async ({ ms = 0 }) => {
  calls += 1;
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  return { calls, told, pid: process.pid };
};
`,
  'graceful.cjs': `
const asked = new Promise((resolve) => process.once('SIGTERM', resolve));
exports.handler = async () => {
  const working = setTimeout(() => undefined, 60_000);
  await asked;
  clearTimeout(working);
  return 'finished';
};
`,
  'shop_fn.py': `
import os, time
calls = 0
told = [name for name in os.environ if name.startswith("FAULTLINE_INIT")]
print("the module is loaded")
def handler(event, context):
    global calls
    calls += 1
    time.sleep(event.get("ms", 0) / 1000)
    return {"calls": calls, "told": told, "pid": os.getpid()}
`,
  'provided-fn.cjs': `
const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation';
const told = Object.keys(process.env).filter((name) => name.startsWith('FAULTLINE_INIT'));
let calls = 0;
(async () => {
  for (;;) {
    const next = await fetch(api + '/next');
    const { ms = 0 } = await next.json();
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    const body = JSON.stringify({ calls: ++calls, told, pid: process.pid });
    await fetch(api + '/' + next.headers.get('lambda-runtime-aws-request-id') + '/response', { method: 'POST', body });
  }
})();
`,
};
