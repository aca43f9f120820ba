import { ruleTests } from '../../testing.js';

const file = 'handler.py';
const code = 'def handler(event, context):\n    return {"statusCode": 200}\n';

ruleTests('gateway-cap', {
  valid: [
    { why: 'no configuration', file, code },
    { why: 'as long as the gateway', file, code, deployed: { timeoutMs: 29_000, gatewayMs: 29_000, kinds: ['http'] } },
    {
      why: 'a queue also calls it',
      file,
      code,
      deployed: { timeoutMs: 300_000, gatewayMs: 30_000, kinds: ['http', 'queue'] },
    },
  ],
  invalid: [
    {
      why: 'longer than a REST API waits',
      file,
      code,
      deployed: { timeoutMs: 60_000, gatewayMs: 29_000, kinds: ['http'] },
      finds: ['1: The function "f" may run 60 s, and the gateway in front of it answers 503 or 504 after 29 s'],
      severity: 'warning',
    },
  ],
});
