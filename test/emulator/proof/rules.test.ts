import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deployedFunctions } from '../../../emulator/cli/deployed-functions.js';
import { systemClock } from '../../../emulator/clock.js';
import type { Dependency, Finding } from '../../../emulator/contract/findings.js';
import type { Emulator } from '../../../emulator/contract/library.js';
import type { ProofVerdict } from '../../../emulator/contract/proof.js';
import { startEmulator } from '../../../emulator/emulator.js';
import { createProver, type Prover } from '../../../emulator/experiments/proof/prove.js';
import { diskFiles } from '../../../lint/disk.js';
import { noSurroundings, type DeployedFunction } from '../../../lint/deployment.js';
import { createLinter } from '../../../lint/index.js';
import { proofOf } from '../../../lint/proof/index.js';

/**
 * Every rule of the groups timeouts and errors, proved on a handler that has the defect and refuted on one that only looks like
 * it. Nothing leaves this machine: what is called is broken inside the instance.
 */

const root = fileURLToPath(new URL('../../fixtures/proof', import.meta.url));

interface Case {
  readonly rule: string;
  readonly file: string;
  /** Of the export that is well and the one that is not. */
  readonly handlers?: Readonly<Record<'confirmed' | 'refuted', string>>;
  /** Who is waited for, as the rule would tell it where it does not find the handler itself. */
  readonly dependency?: Dependency;
  /** In the sentence of the proof. */
  readonly confirmed: RegExp;
  readonly refuted: RegExp;
}

const sqs: Dependency = { client: 'aws-sdk', service: 'sqs' };
const fetching = (host: string): Dependency => ({ client: 'fetch', host: `${host}.example.com` });

const cases: readonly Case[] = [
  js('missing-timeout', /timeout of 2 s/, /answered 502/, fetching('prices')),
  js('ineffective-timeout', /timeout of 2 s/, /answered 502/, { client: 'http.request' }),
  js('aws-client-default', /sqs never answered.*timeout of 2 s/, /answered 502/, sqs),
  js('timeout-exceeds-function', /timeout of 2 s/, /answered 502/, fetching('stock')),
  js('timeout-budget', /timeout of 2 s/, /answered 502/, { client: 'fetch' }),
  js('gateway-cap', /answered 502 after \d\d\d\d ms/, /answered 502/, fetching('reports')),
  js('unhandled-io', /failed after .* fetch failed/, /answered 502/, fetching('users')),
  js('unsafe-parse', /not JSON.*SyntaxError/, /answered 502/),
  js('swallowed-error', /answered 200/, /answered 502/, fetching('mails')),
  js(
    'status-from-async-source',
    /ended without an error .*"statusCode":500.* counts as done/,
    /failed after/,
    fetching('ledger'),
  ),
  js('throw-in-callback', /fetch failed/, /answered 502/, fetching('pages')),
  js('floating-promise', /answered 202|fetch failed/, /fetch failed/, fetching('audit')),
  js('callback-misuse', /returned nothing/, /answered 200/),
  js('callback-error-ignored', /answered 200/, /answered 502/, fetching('pages')),
  js('proxy-callback-error', /fetch failed/, /answered 502/, fetching('pages')),
  js('response-shape', /returned \{"items"/, /answered 200/),
  js('sdk-v3-error-shape', /answered QueueDoesNotExist.*failed/, /answered 404/, sqs),
  js('emitter-error', /ECONN/, /answered 502/, { client: 'net', host: 'logs.example.com' }),
  js('process-exit', /lost its process/, /answered 200/),
  python('missing-timeout', 'forever', 'at_most', /timeout of 2 s/, /answered 502/),
  python('except-or', 'first_only', 'first_is_enough', /failed after .*Connection/, /answered 502/),
];

function js(rule: string, confirmed: RegExp, refuted: RegExp, dependency?: Dependency): Case {
  return { rule, file: `${rule}.mjs`, confirmed, refuted, ...(dependency ? { dependency } : {}) };
}

function python(rule: string, bad: string, good: string, confirmed: RegExp, refuted: RegExp): Case {
  const handlers = { confirmed: bad, refuted: good };
  return { rule, file: 'pages.py', handlers, confirmed, refuted, dependency: { client: 'urllib.request.urlopen' } };
}

let emulator: Emulator;
let prover: Prover;
let functionsOf: (file: string) => readonly DeployedFunction[];
const findings = new Map<string, readonly Finding[]>();
const never = new AbortController().signal;

beforeAll(async () => {
  const files = readdirSync(root)
    .filter((name) => /\.(mjs|py)$/.test(name))
    .map((name) => path.join(root, name));
  const known = await deployedFunctions(files);
  // Nobody waits 30 s for a gateway here.
  functionsOf = (file) => known(file).map((each) => ({ ...each, gatewayMs: 2_000 }));
  const surroundings = (file: string) => ({ ...noSurroundings, functions: functionsOf(file) });
  const linter = await createLinter({ surroundings, files: diskFiles(), preset: 'strict' });
  for (const file of files) findings.set(file, linter.lintText(readFileSync(file, 'utf8'), { file }));
  emulator = await startEmulator({ root, seed: 7 });
  prover = createProver(emulator, systemClock);
});
afterAll(() => emulator.stop());

/** What the rule itself finds in the handler, else what it would say of it. */
function findingIn({ rule, file, dependency }: Case, handler: string): Finding {
  const full = path.join(root, file);
  const name = functionsOf(full).find((each) => each.export === handler)?.name;
  const found = findings
    .get(full)
    ?.find((each) => each.rule === rule && each.proof?.attempts.every((attempt) => attempt.function === name));
  if (found) return found;
  const place = { line: 1, column: 1 };
  const finding: Finding = {
    rule,
    severity: 'error',
    message: '',
    file: full,
    range: { start: place, end: place },
    url: '',
    handler,
    ...(dependency ? { dependency } : {}),
  };
  const proof = proofOf(finding, functionsOf(full));
  return proof ? { ...finding, proof } : finding;
}

const verdicts: readonly Extract<ProofVerdict, 'confirmed' | 'refuted'>[] = ['confirmed', 'refuted'];
const runs = cases.flatMap((one) =>
  verdicts.map((verdict) => [one.file.replace(/.*\./, ''), one.rule, verdict, one] as const),
);

it.concurrent.each(runs)('%s %s is %s by its experiment', async (_language, _rule, verdict, one) => {
  const { proof } = findingIn(one, one.handlers?.[verdict] ?? verdict);
  if (proof?.function === undefined) throw new Error(proof?.unprovable ?? 'no experiment');
  const result = await prover.prove(proof, never);
  expect({ verdict: result.verdict, text: result.text }).toEqual({
    verdict,
    text: expect.stringMatching(one[verdict]) as string,
  });
  expect(result.record?.log.join('')).toContain('REPORT RequestId');
});
