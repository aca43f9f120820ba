import type { TSESTree } from '@typescript-eslint/types';
import type { Linter as LinterTypes, Rule as EslintRule } from 'eslint';
import { Linter } from 'eslint/universal';
import type { Finding } from '../../emulator/contract/findings.js';
import { ModuleGraph } from '../analysis/javascript/graph.js';
import { asEslintRule, commentsOf, prefix } from '../eslint-rule.js';
import { findingOf } from '../findings.js';
import { internalError, isTooDeep, syntaxError } from '../problems.js';
import type { ProjectFiles } from '../project.js';
import type { Report, Rule } from '../rule.js';
import { LineIndex } from '../text.js';
import { notLinted } from './engine.js';
import type { Engine, Linted, LintRequest } from './engine.js';
import { languageOptions, parseSource } from './parse.js';

/** What a rule reported while ESLint ran; ESLint's own message carries neither the fixes nor the offsets. */
type Collected = Report<TSESTree.Node>;

/** JavaScript and TypeScript through ESLint's Linter, in this process; one instance for all files. */
export function createJavaScriptEngine(rules: readonly Rule[], files: ProjectFiles): Engine {
  const linter = new Linter({ configType: 'flat' });
  const graph = new ModuleGraph(files, parseImported);
  return {
    lint(request) {
      const failed: { rule: Rule; error: unknown }[] = [];
      for (;;) {
        const running = rules.filter((rule) => !failed.some((each) => each.rule === rule));
        try {
          const linted = run(linter, graph, running, request);
          const own = failed.map((each) => internalError(each.rule.meta.id, request.file, each.error));
          const ids = failed.map((each) => each.rule.meta.id);
          return { ...linted, findings: [...linted.findings, ...own], failed: ids };
        } catch (error) {
          const rule = isTooDeep(error) ? undefined : failedRule(running, error);
          if (rule === undefined) return notLinted(internalError('javascript engine', request.file, error));
          failed.push({ rule, error });
        }
      }
    },
    dependencies: (file) => graph.dependencies(file),
    forget: (file) => graph.forget(file),
  };
}

/** What is too deep to be read says nothing to who imports it. */
function parseImported(text: string, extension: string): ReturnType<typeof parseSource> {
  try {
    return parseSource(text, extension);
  } catch (error) {
    return { message: String(error), line: 1, column: 1 };
  }
}

/** The rule that an error came from. */
function failedRule(rules: readonly Rule[], error: unknown): Rule | undefined {
  const id = typeof error === 'object' && error !== null && 'ruleId' in error ? error.ruleId : undefined;
  return rules.find((rule) => prefix + rule.meta.id === id);
}

function run(linter: Linter, graph: ModuleGraph, rules: readonly Rule[], request: LintRequest): Linted {
  const parsed = parseSource(request.text, request.extension);
  if ('message' in parsed) return notLinted(syntaxError(request.file, parsed.line, parsed.column, parsed.message));
  const module = graph.add(request.file, parsed).deploy(request.around.functions);
  const collected = new Map<Rule, Collected[]>();
  const entries = rules.map((rule): [string, EslintRule.RuleModule] => {
    const reports: Collected[] = [];
    collected.set(rule, reports);
    return [
      rule.meta.id,
      asEslintRule(rule, () => ({ module, around: request.around }), { collect: (report) => reports.push(report) }),
    ];
  });
  // The name only tells the parser about JSX; a real path would be matched against ESLint's base path.
  const messages = linter.verify(parsed, [config(entries, request)], { filename: `file.${request.extension}` });
  const index = new LineIndex(request.text);
  const findings = rules.flatMap((rule) =>
    messages
      .filter((message) => message.ruleId === prefix + rule.meta.id)
      .map((message) => toFinding(rule, message, collected.get(rule) ?? [], index, request)),
  );
  return { findings, comments: () => commentsOf(parsed), failed: [] };
}

function config(entries: [string, EslintRule.RuleModule][], request: LintRequest): LinterTypes.Config {
  return {
    files: [`**/*.${request.extension}`],
    plugins: { faultline: { rules: Object.fromEntries(entries) } },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    languageOptions,
    rules: Object.fromEntries(
      entries.map(([id, { meta }]) => {
        const options = request.options[id];
        const takes = Array.isArray(meta?.schema) && meta.schema.length > 0;
        return [prefix + id, options === undefined || !takes ? 'error' : ['error', options]];
      }),
    ),
  };
}

function toFinding(
  rule: Rule,
  message: LinterTypes.LintMessage,
  reports: readonly Collected[],
  index: LineIndex,
  request: LintRequest,
): Finding {
  const start = { line: message.line, column: message.column };
  const report = reports.find((each) => {
    const at = index.position(each.at.range[0]);
    return at.line === start.line && at.column === start.column && each.message === message.messageId;
  });
  const end = { line: message.endLine ?? start.line, column: message.endColumn ?? start.column };
  const known = report ?? { at: undefined, message: message.messageId ?? '' };
  return findingOf(rule, known, { file: request.file, range: { start, end } }, message.message);
}
