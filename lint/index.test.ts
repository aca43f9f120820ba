import { expect, test } from 'vitest';
import { createLinter } from './index.js';
test('x', async () => {
  const linter = await createLinter();
  const js =
    "export const handler = async (event) => { const r = await fetch(event.rawPath); items.forEach(async () => {}); try { await fetch('https://x') } catch {} return {statusCode: 200} }";
  console.log(
    JSON.stringify(
      linter.lintText(js, { file: 'a.js' }).map((f) => [f.rule, f.message, f.range, f.fixes]),
      null,
      1,
    ),
  );
  console.log(
    linter
      .lintText(
        'import requests\ndef handler(event, context):\n  try:\n    requests.get("x")\n  except Exception:\n    pass\n  requests.post("y", timeout=2)\n  return {"statusCode": 200}',
        { file: 'a.py' },
      )
      .map((f) => [f.rule, f.message, f.range]),
  );
  console.log(
    linter.lintText('x = (1 +\ndef f(:\n  pass', { file: 'a.py' }),
    linter.lintText('const a: = 1;\n', { file: 'a.ts' }),
    linter.lintText('const a = ;\n', { file: '/abs/a.js' }),
  );
  expect(1).toBe(1);
});
