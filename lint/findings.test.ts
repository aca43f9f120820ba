import { expect, test } from 'vitest';
import { createLinter } from './index.js';

const code = `export const handler = async () => {\n  await fetch('https://a');\n  await fetch('https://a');\n};\n`;
const prints = async (text: string): Promise<string[]> =>
  (await createLinter()).lintText(text, { file: 'a.mjs' }).map((each) => each.fingerprint ?? '');

test('a fingerprint stays when the code moves or is indented, and tells equal lines apart', async () => {
  const before = await prints(code);
  expect(before.length).toBeGreaterThan(1);
  expect(new Set(before).size).toBe(before.length);
  expect(await prints(`// more\n\n${code.replaceAll('  await', '    await')}`)).toEqual(before);
  expect(before[0]).toMatch(/^[0-9a-f]{16}$/);
});

test('it is another one for other code', async () => {
  expect(await prints(code.replaceAll('//a', '//b'))).not.toEqual(await prints(code));
});
