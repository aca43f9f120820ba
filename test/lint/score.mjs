#!/usr/bin/env node
// How good the rules are: recall and precision against the hand labels of test/lint/labels.
//   node test/lint/score.mjs --corpus DIR [--only RULE] [--list] [--language js|py] [--json]
//   node test/lint/score.mjs --corpus DIR --write      writes docs/lint-accuracy.md and scores.json anew
// DIR holds the labelled files as js/OWNER__REPO/PATH and py/OWNER__REPO/PATH; see README.md beside this file.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');
/** A label is met by a finding of its rule at most this many lines away. */
const nearby = 2;
/** Rules whose findings are notes and are counted apart. */
const apart = new Set(['aws-client-default']);

/**
 * @typedef {{ rule: string, line: number, why: string, unsure?: boolean, alt?: number[] }} Label
 * @typedef {{ repo: string, commit: string, path: string, sha256: string, language: string, defects: Label[] }} Labelled
 * @typedef {{ rule: string, severity: string, message: string, range: { start: { line: number } } }} Finding
 */

/** The linter as the source has it now, bundled beside the packages it takes from node_modules. */
async function loadLinter() {
  const folder = await mkdtemp(path.join(root, 'node_modules/.faultline-score-'));
  try {
    const outfile = path.join(folder, 'lint.mjs');
    await build({
      stdin: {
        contents:
          "export { createLinter } from './lint/index.ts'; export { diskFiles } from './lint/disk.ts'; export { installedIn } from './lint/installed.ts';",
        resolveDir: root,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'error',
      outfile,
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {Finding} finding @param {Label} label */
function meets(finding, label) {
  if (finding.rule !== label.rule) return false;
  return [label.line, ...(label.alt ?? [])].some((line) => Math.abs(line - finding.range.start.line) <= nearby);
}

/** Pairs findings with labels, one to one, the nearest first. @param {Finding[]} findings @param {Label[]} labels */
function pair(findings, labels) {
  const free = new Set(findings);
  const pairs = new Map();
  for (const label of [...labels].sort((a, b) => Number(a.unsure ?? false) - Number(b.unsure ?? false))) {
    const near = [...free].filter((each) => meets(each, label));
    near.sort((a, b) => Math.abs(a.range.start.line - label.line) - Math.abs(b.range.start.line - label.line));
    if (near[0] === undefined) continue;
    pairs.set(label, near[0]);
    free.delete(near[0]);
  }
  return { pairs, rest: [...free] };
}

class Tally {
  labelled = 0;
  unsure = 0;
  hit = 0;
  false = 0;

  get recall() {
    return this.labelled === 0 ? undefined : this.hit / this.labelled;
  }

  get precision() {
    return this.hit + this.false === 0 ? undefined : this.hit / (this.hit + this.false);
  }
}

const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    only: { type: 'string' },
    language: { type: 'string' },
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
if (values.corpus === undefined) {
  console.error('Name the folder of the labelled files: node test/lint/score.mjs --corpus DIR');
  process.exit(2);
}

const { createLinter, diskFiles, installedIn } = await loadLinter();
const disk = diskFiles();
const linter = await createLinter({
  files: disk,
  surroundings: (/** @type {string} */ file) => ({ functions: [], installed: installedIn(disk, file) }),
});
/** @type {Map<string, Tally>} */
const tallies = new Map();
const tally = (/** @type {string} */ rule, /** @type {string} */ language) => {
  const key = `${rule} ${language}`;
  const known = tallies.get(key) ?? new Tally();
  tallies.set(key, known);
  return known;
};
const clean = { files: 0, findings: 0, notes: 0 };
const files = { scored: 0, missing: 0, changed: 0 };
const lines = [];

for (const [folder, name] of [
  ['js', 'javascript'],
  ['py', 'python'],
]) {
  if (values.language !== undefined && values.language !== folder) continue;
  /** @type {Labelled[]} */
  const labelled = JSON.parse(await readFile(path.join(here, 'labels', `${name}.json`), 'utf8'));
  for (const each of labelled) {
    const file = path.resolve(values.corpus, folder, each.repo.replace('/', '__'), each.path);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) {
      files.missing++;
      continue;
    }
    if (createHash('sha256').update(text).digest('hex') !== each.sha256) files.changed++;
    files.scored++;
    const language = name === 'python' ? 'python' : 'javascript';
    /** @type {Finding[]} */
    const findings = linter.lintText(text.replace(/^\uFEFF/, ''), { file });
    const { pairs, rest } = pair(findings, each.defects);
    const show = (
      /** @type {string} */ what,
      /** @type {number} */ line,
      /** @type {string} */ rule,
      /** @type {string} */ why,
    ) => {
      if (values.only === undefined || values.only === rule)
        lines.push(`${what} ${rule} ${path.relative(values.corpus ?? '', file)}:${String(line)}  ${why}`);
    };
    for (const label of each.defects) {
      const counts = tally(label.rule, language);
      if (label.unsure) {
        counts.unsure++;
        continue;
      }
      counts.labelled++;
      if (pairs.has(label)) counts.hit++;
      else show('MISS ', label.line, label.rule, label.why);
    }
    // A second finding of a defect that one label stands for is no false alarm.
    const loud = rest.filter((one) => one.severity !== 'info' && !each.defects.some((label) => meets(one, label)));
    for (const one of loud) {
      tally(one.rule, language).false++;
      show('FALSE', one.range.start.line, one.rule, one.message.slice(0, 110));
    }
    if (each.defects.every((label) => label.unsure || apart.has(label.rule))) {
      clean.files++;
      clean.findings += loud.length;
      clean.notes += findings.filter((one) => one.severity === 'info').length;
    }
  }
}

const percent = (/** @type {number | undefined} */ share) => (share === undefined ? '-' : share.toFixed(2));
const rows = [...tallies].sort().map(([key, counts]) => {
  const [rule, language] = key.split(' ');
  return { rule, language, ...counts, recall: percent(counts.recall), precision: percent(counts.precision) };
});
const sum = (/** @type {string | undefined} */ language) => {
  const all = new Tally();
  for (const row of rows) {
    if (apart.has(row.rule) || (language !== undefined && row.language !== language)) continue;
    all.labelled += row.labelled;
    all.unsure += row.unsure;
    all.hit += row.hit;
    all.false += row.false;
  }
  return {
    rule: 'all',
    language: language ?? 'both',
    ...all,
    recall: percent(all.recall),
    precision: percent(all.precision),
  };
};
const totals = [sum('javascript'), sum('python'), sum(undefined)];

/** @param {{ rule: string, language: string, labelled: number, unsure: number, hit: number, false: number, recall: string, precision: string }} row */
const line = (row) =>
  `| ${row.rule} | ${row.language} | ${row.labelled} | ${row.unsure} | ${row.hit} | ${row.false} | ${row.recall} | ${row.precision} |`;

async function write() {
  const before = JSON.parse(await readFile(path.join(here, 'scores-before.json'), 'utf8'));
  const head =
    '| rule | language | labelled | unsure | found | false alarms | recall | precision |\n|---|---|---|---|---|---|---|---|';
  const text = `# How good the rules are

Measured on ${files.scored} public handler files (JavaScript, TypeScript, Python) that a reviewer labelled by reading them before the rules were tuned on
them: labels, method and how to measure again are in [test/lint](../test/lint/README.md). This is the development set: the rules were tuned on it, so code
that nobody here has seen will score lower (and some other public code [has been seen](../test/lint/README.md#not-unseen-any-more)). Written by \`node test/lint/score.mjs --corpus DIR --write\`.

${head}
${[...rows, ...totals].map(line).join('\n')}

${clean.files} of the files are clean: the rules report ${clean.findings} findings on them, and ${clean.notes} notes (clients of AWS with their defaults, and the like).

Before the rules were tuned:

${head}
${before.totals.map(line).join('\n')}

\`aws-client-default\` is a note and is counted apart; what a reviewer was unsure of counts neither way. Rules without a line here have no case in these files, found
or labelled: their tables of valid and invalid code are beside them in \`lint/rules\`.
`;
  await writeFile(path.join(root, 'docs/lint-accuracy.md'), text);
  await writeFile(path.join(here, 'scores.json'), `${JSON.stringify({ files, clean, rows, totals }, undefined, 2)}\n`);
}

if (values.write) await write();
if (values.json) console.log(JSON.stringify({ files, clean, rows, totals }, undefined, 2));
else {
  if (values.list || values.only !== undefined) console.log(lines.join('\n'));
  console.table([...rows, ...totals]);
  console.log(
    `${files.scored} files scored, ${files.missing} missing, ${files.changed} changed since they were labelled.`,
  );
  console.log(`${clean.files} clean files: ${clean.findings} findings, ${clean.notes} notes.`);
}
