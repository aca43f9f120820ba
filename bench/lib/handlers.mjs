// Handlers as people write them, about 100 lines each, every second one without a finding. The same seed, the same files.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** @param {number} seed */
const random = (seed) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

/** @param {string} type */
const note = (type) => (type === '' ? '' : `: ${type}`);

/** One validated step; ten of these are a file of a hundred lines. @param {number} index @param {boolean} typed */
const step = (index, typed) => `
function check${index}(order${note(typed ? 'any' : '')}) {
  const errors${note(typed ? 'string[]' : '')} = [];
  if (!order.sku) errors.push('sku is missing');
  if (order.count < ${index} || order.count > 100) errors.push('count is out of range');
  for (const line of order.lines ?? []) {
    if (line.price < 0) errors.push(\`price of \${line.sku} is negative\`);
  }
  return errors.length === 0 ? { ok: true } : { ok: false, errors };
}
`;

/** @param {number} number @param {boolean} typed @param {boolean} clean */
function script(number, typed, clean) {
  const steps = Array.from({ length: 7 }, (_, index) => step(index, typed)).join('');
  const signal = clean ? ', { signal: AbortSignal.timeout(2_000) }' : '';
  return `import { http } from '../lib/http${number % 10}.mjs';
const base = process.env.BASE ?? 'https://stock.example.com';
${steps}
export const handler = async (event${note(typed ? 'any' : '')}) => {
  let order;
  try {
    order = JSON.parse(event.body);
  } catch {
    return { statusCode: 400, body: 'not JSON' };
  }
  try {
    const reply = await fetch(\`\${base}/items/${number}\`${signal});
    if (!reply.ok) return { statusCode: 502, body: 'stock is not there' };
    const { data } = await http.get('/prices');
    return { statusCode: 200, body: JSON.stringify({ ...(await reply.json()), data, valid: check0(order) }) };
  } catch (error) {
    console.error('stock failed', error);
    return { statusCode: 502, body: 'stock is not there' };
  }
};
`;
}

/** @param {number} number @param {boolean} clean */
function python(number, clean) {
  const steps = Array.from(
    { length: 8 },
    (_, index) => `
def check_${index}(order):
    errors = []
    if not order.get("sku"):
        errors.append("sku is missing")
    if order["count"] < ${index} or order["count"] > 100:
        errors.append("count is out of range")
    for line in order.get("lines", []):
        if line["price"] < 0:
            errors.append(f"price of {line['sku']} is negative")
    return errors
`,
  ).join('');
  return `import json
import logging
import requests

${steps}
def handler(event, context):
    try:
        order = json.loads(event["body"])
    except ValueError:
        return {"statusCode": 400, "body": "not JSON"}
    try:
        reply = requests.get("https://stock.example.com/items/${number}"${clean ? ', timeout=2' : ''})
        reply.raise_for_status()
    except requests.RequestException:
        logging.exception("stock failed")
        return {"statusCode": 502, "body": "stock is not there"}
    return {"statusCode": 200, "body": json.dumps({"errors": check_0(order)})}
`;
}

/**
 * @param {string} folder
 * @param {number} count 60 % JavaScript, 25 % TypeScript, 15 % Python
 * @returns {Promise<number>} lines in all
 */
export async function writeHandlers(folder, count, seed = 7) {
  const draw = random(seed);
  let lines = 0;
  const write = async (/** @type {string} */ name, /** @type {string} */ text) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
    lines += text.split('\n').length;
  };
  for (let index = 0; index < 10; index++) {
    const text = `import axios from 'axios';\nexport const http = axios.create({ timeout: 2_000 });\n`;
    await write(`lib/http${index}.mjs`, text);
  }
  for (let index = 0; index < count - 10; index++) {
    const kind = draw();
    const clean = index % 2 === 0;
    if (kind < 0.6) await write(`js/handler${index}.mjs`, script(index, false, clean));
    else if (kind < 0.85) await write(`ts/handler${index}.ts`, script(index, true, clean));
    else await write(`py/handler${index}.py`, python(index, clean));
  }
  return lines;
}

/** One file of about 1 000 lines. */
export const longFile = () =>
  `${script(1, false, false)}${Array.from({ length: 90 }, (_, index) => step(index + 100, false)).join('')}`;
