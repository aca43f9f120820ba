import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { Finding } from '../../emulator/contract/findings.js';
import { createLinter } from '../index.js';
import type { Rule } from '../rule.js';
import { rules } from '../rules/index.js';
import { deployedWith } from '../testing.js';
import { sarif } from './sarif.js';

/** The schema that OASIS publishes with SARIF 2.1.0 (oasis-tcs/sarif-spec, Schemata/sarif-schema-2.1.0.json). */
const schema = JSON.parse(
  await readFile(new URL('../../test/fixtures/sarif-schema-2.1.0.json', import.meta.url), 'utf8'),
) as object;
// Formats of addresses are looked at by nobody here; unknown keywords are the schema's own.
const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(
  schema,
);

const problems = (findings: readonly Finding[]): unknown => {
  const text = sarif({
    findings,
    rules: Object.values<Rule>(rules).map((rule) => rule.meta),
    cwd: '/p',
    filesLinted: 1,
    skipped: {},
    known: 0,
    version: '0.1.0',
    color: false,
  });
  validate(JSON.parse(text));
  return validate.errors ?? [];
};

const code = `import axios from 'axios';
import { S3Client } from '@aws-sdk/client-s3';
const s3 = new S3Client({});
export const handler = async (event) => {
  const body = JSON.parse(event.body);
  axios.post('https://a', body);
  const { data } = await axios.get('https://a', { timeout: 0 });
  return { statusCode: 200, body: data };
};
`;

test('what is found is SARIF as its schema has it, proofs and fixes included', async () => {
  const linter = await createLinter({ preset: 'strict', surroundings: deployedWith(3_000, { kinds: ['http'] }) });
  const findings = linter.lintText(code, { file: '/p/src/a b.mjs' });
  expect(new Set(findings.map((each) => each.rule)).size).toBeGreaterThan(4);
  expect(problems(findings)).toEqual([]);
});

test('so are an empty run, a file that does not parse, and one outside of the folder', async () => {
  const linter = await createLinter();
  expect(problems([])).toEqual([]);
  expect(problems(linter.lintText('const = 1', { file: '/elsewhere/b.ts' }))).toEqual([]);
});

test('the schema would tell', () => {
  validate({ version: '2.1.0', runs: [{ tool: { driver: {} } }] });
  expect(validate.errors).not.toBeNull();
});
