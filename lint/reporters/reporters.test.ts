import { describe, expect, test } from 'vitest';
import type { Finding } from '../../emulator/contract/findings.js';
import { rules } from '../rules/index.js';
import { reporters } from './index.js';
import type { LintReport } from './index.js';

const finding = (file: string, line: number, rule: string, severity: Finding['severity']): Finding => ({
  rule,
  severity,
  message: '`fetch` waits, 100% of the time: set `signal`.',
  file,
  range: { start: { line, column: 3 }, end: { line, column: 20 } },
  url: `https://docs.example/${rule}.md`,
});

const report: LintReport = {
  findings: [
    finding('/w/app/src/a b.ts', 4, 'missing-timeout', 'warning'),
    finding('/w/app/src/a b.ts', 9, 'missing-timeout', 'info'),
    finding('/elsewhere/c.py', 1, 'syntax-error', 'error'),
  ],
  rules: Object.values(rules).map((rule) => rule.meta),
  cwd: '/w/app',
  filesLinted: 3,
  skipped: { minified: 2, tests: 0 },
  version: '1.2.3',
  color: false,
};
const empty: LintReport = { ...report, findings: [], skipped: {}, filesLinted: 1 };

describe('stylish', () => {
  test('shows findings by file, then what was read', () => {
    expect(reporters.stylish(report)).toBe(
      [
        'src/a b.ts',
        '  4:3     warning  `fetch` waits, 100% of the time: set `signal`.  missing-timeout',
        '  9:3     info     `fetch` waits, 100% of the time: set `signal`.  missing-timeout',
        '',
        '/elsewhere/c.py',
        '  1:3     error    `fetch` waits, 100% of the time: set `signal`.  syntax-error',
        '',
        '1 error, 1 warning, 1 note in 3 files. Skipped: 2 minified.',
        '',
      ].join('\n'),
    );
  });

  test('says so when there is nothing', () => {
    expect(reporters.stylish(empty)).toBe('No findings in 1 file.\n');
  });

  test('colours only where it is asked to', () => {
    expect(reporters.stylish(report)).not.toContain('\u001b');
    expect(reporters.stylish({ ...report, color: true })).toContain('\u001b[33mwarning');
  });
});

test('json has the findings with relative paths', () => {
  const parsed: unknown = JSON.parse(reporters.json(report));
  expect(parsed).toMatchObject({ version: 1, filesLinted: 3, skipped: { minified: 2 } });
  expect(parsed).toHaveProperty('findings[0].file', 'src/a b.ts');
  expect(parsed).toHaveProperty('findings[0].range.start', { line: 4, column: 3 });
  expect(JSON.parse(reporters.json(empty))).toHaveProperty('findings', []);
});

test('github writes one escaped command a finding', () => {
  const lines = reporters.github(report).split('\n');
  expect(lines[0]).toBe(
    '::warning file=src/a b.ts,line=4,endLine=4,col=3,endColumn=20,title=missing-timeout::`fetch` waits, 100%25 of the time: set `signal`. https://docs.example/missing-timeout.md',
  );
  expect(lines[1]).toMatch(/^::notice file=/);
  expect(lines[2]).toMatch(/^::error file=\/elsewhere\/c\.py,/);
  expect(lines[3]).toBe('1 error, 1 warning, 1 note in 3 files.');
});

test('a comma or a colon in a file name does not end the property', () => {
  const text = reporters.github({ ...report, findings: [finding('/w/app/a,b:c.js', 1, 'x', 'error')] });
  expect(text).toContain('file=a%2Cb%3Ac.js,line=1');
});

interface Sarif {
  version: string;
  runs: {
    tool: { driver: { version: string; rules: { id: string; helpUri: string }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      locations: { physicalLocation: { artifactLocation: { uri: string }; region: object } }[];
      partialFingerprints: Record<string, string>;
    }[];
  }[];
}

describe('sarif', () => {
  const parse = (from: LintReport): Sarif['runs'][0] => {
    const log = JSON.parse(reporters.sarif(from)) as Sarif;
    expect(log.version).toBe('2.1.0');
    const run = log.runs[0];
    if (run === undefined) throw new Error('one run');
    return run;
  };

  test('every result names a rule of the list, which links to its page', () => {
    const run = parse(report);
    expect(run.tool.driver.version).toBe('1.2.3');
    for (const result of run.results) expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
    expect(run.tool.driver.rules.map((rule) => rule.id)).toEqual([...Object.keys(rules), 'syntax-error'].sort());
    expect(run.tool.driver.rules.every((rule) => rule.helpUri.startsWith('https://'))).toBe(true);
    expect(run.results.map((result) => result.level)).toEqual(['warning', 'note', 'error']);
  });

  test('places are relative and encoded', () => {
    const place = parse(report).results[0]?.locations[0]?.physicalLocation;
    expect(place?.artifactLocation.uri).toBe('src/a%20b.ts');
    expect(parse(report).results[2]?.locations[0]?.physicalLocation.artifactLocation).toEqual({
      uri: 'file:///elsewhere/c.py',
    });
    expect(place?.region).toEqual({ startLine: 4, startColumn: 3, endLine: 4, endColumn: 20 });
  });

  test('carries the fingerprints of the findings', () => {
    const findings = report.findings.map((each) => ({ ...each, fingerprint: '00ff00ff00ff00ff' }));
    expect(parse({ ...report, findings }).results[0]?.partialFingerprints).toEqual({
      'faultline/v2': '00ff00ff00ff00ff',
    });
  });

  test('the rules are listed also when nothing was found', () => {
    expect(parse(empty).results).toEqual([]);
    expect(parse(empty).tool.driver.rules).toHaveLength(Object.keys(rules).length);
  });
});
