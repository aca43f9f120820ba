import { ruleTests } from '../testing.js';

const code = `export const handler = async (event) => {\n  return { statusCode: 200 };\n};`;

ruleTests('gateway-cap', {
  valid: [
    { why: 'no configuration', code },
    { why: 'as long as the gateway', code, deployed: { timeoutMs: 30_000, gatewayMs: 30_000, kinds: ['http'] } },
    { why: 'no gateway in front', code, deployed: { timeoutMs: 300_000, kinds: ['http'] } },
    {
      why: 'a queue also calls it',
      code,
      deployed: { timeoutMs: 300_000, gatewayMs: 30_000, kinds: ['http', 'queue'] },
    },
  ],
  invalid: [
    {
      why: 'longer than an HTTP API waits',
      code,
      deployed: { timeoutMs: 60_000, gatewayMs: 30_000, kinds: ['http'] },
      finds: ['1: The function "f" may run 60 s, and the gateway in front of it answers 503 or 504 after 30 s'],
      severity: 'warning',
    },
    {
      why: 'longer than a REST API waits',
      code: `exports.handler = (event, context, callback) => {\n  callback(null, { statusCode: 200 });\n};`,
      deployed: { timeoutMs: 30_000, gatewayMs: 29_000, kinds: ['http'] },
      finds: ['1: after 29 s'],
    },
  ],
});
