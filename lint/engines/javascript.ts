import * as parser from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/types';
import type { ESLint, Linter as LinterTypes, Rule as EslintRule } from 'eslint';
import { Linter } from 'eslint/universal';
import type { Finding, Fix } from '../../emulator/contract/findings.js';
import { moduleOf } from '../analysis/javascript/module.js';
import { Directives } from '../directives.js';
import { internalError, syntaxError } from '../problems.js';
import type { JavaScriptContext, Report, Rule } from '../rule.js';
import { LineIndex } from '../text.js';
import type { Engine, LintRequest } from './engine.js';

const prefix = 'faultline/';

/** What a rule reported while ESLint ran; ESLint's own message carries neither the fixes nor the offsets. */
type Collected = Report<TSESTree.Node>;

/**
 * A rule of ours as a rule of ESLint, so that it can run in any ESLint as a plugin. `settings.faultline` may carry
 * `functionTimeout` in seconds. Fixes become suggestions, the safe ones also ESLint's own fix.
 */
export function asEslintRule(rule: Rule, collect?: (report: Collected) => void): EslintRule.RuleModule {
  const messages = Object.fromEntries(Object.entries(rule.messages).map(([id, message]) => [id, message.text]));
  return {
    meta: {
      type: 'problem',
      docs: { description: rule.meta.summary, url: rule.meta.url },
      fixable: 'code',
      hasSuggestions: true,
      schema: [],
      messages,
    },
    create(context) {
      if (rule.javascript === undefined) return {};
      return createListener(rule, {
        sourceCode: context.sourceCode,
        module: moduleOf(context.sourceCode),
        functionTimeout: timeoutSetting(context.settings),
        report(report) {
          collect?.(report);
          context.report(asDescriptor(report));
        },
      });
    },
  };
}

/** ESLint marks what a visitor throws with the rule's id, but not what `create` throws. */
function createListener(rule: Rule, context: JavaScriptContext): EslintRule.RuleListener {
  try {
    return (rule.javascript?.create(context) ?? {}) as EslintRule.RuleListener;
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    throw Object.assign(failure, { ruleId: prefix + rule.meta.id });
  }
}

function timeoutSetting(settings: Readonly<Record<string, unknown>>): number | undefined {
  const own = settings['faultline'];
  if (typeof own !== 'object' || own === null || !('functionTimeout' in own)) return undefined;
  return typeof own.functionTimeout === 'number' ? own.functionTimeout : undefined;
}

function asDescriptor(report: Collected): EslintRule.ReportDescriptor {
  const fixes = report.fixes ?? [];
  const apply = (fix: Fix) => (fixer: EslintRule.RuleFixer) =>
    fix.edits.map((edit) => fixer.replaceTextRange([edit.start, edit.end], edit.text));
  const safe = fixes.find((fix) => fix.safe);
  return {
    node: report.at as never,
    messageId: report.message,
    data: { ...report.data },
    suggest: fixes.map((fix) => ({ desc: fix.title, fix: apply(fix) })),
    ...(safe === undefined ? {} : { fix: apply(safe) }),
  };
}

/** JavaScript and TypeScript through ESLint's Linter, in this process; one instance for all files. */
export function createJavaScriptEngine(rules: readonly Rule[]): Engine {
  const linter = new Linter({ configType: 'flat' });
  return {
    lint(request) {
      const failed: { rule: Rule; error: unknown }[] = [];
      for (;;) {
        const running = rules.filter((rule) => !failed.some((each) => each.rule === rule));
        try {
          const findings = run(linter, running, request);
          return [...findings, ...failed.map((each) => internalError(each.rule.meta.id, request.file, each.error))];
        } catch (error) {
          const rule = failedRule(running, error);
          if (rule === undefined) return [internalError('javascript engine', request.file, error)];
          failed.push({ rule, error });
        }
      }
    },
  };
}

/** The rule that an error came from. */
function failedRule(rules: readonly Rule[], error: unknown): Rule | undefined {
  const id = typeof error === 'object' && error !== null && 'ruleId' in error ? error.ruleId : undefined;
  return rules.find((rule) => prefix + rule.meta.id === id);
}

function run(linter: Linter, rules: readonly Rule[], request: LintRequest): Finding[] {
  const collected = new Map<Rule, Collected[]>();
  const entries = rules.map((rule): [string, EslintRule.RuleModule] => {
    const reports: Collected[] = [];
    collected.set(rule, reports);
    return [rule.meta.id, asEslintRule(rule, (report) => reports.push(report))];
  });
  // The name only tells the parser about JSX; a real path would be matched against ESLint's base path.
  const messages = linter.verify(request.text, [config(entries, request)], { filename: `file.${request.extension}` });
  // ESLint also calls comments fatal that it no longer reads (`eslint-env`): those are no news about the code.
  const fatal = messages.find((message) => message.fatal && message.message.startsWith('Parsing error'));
  // The TypeScript parser counts columns of its errors from 0.
  if (fatal !== undefined)
    return [syntaxError(request.file, fatal.line, fatal.column + 1, cleanMessage(fatal.message))];
  const index = new LineIndex(request.text);
  const directives = new Directives(comments(linter));
  return rules.flatMap((rule) =>
    messages
      .filter((message) => message.ruleId === prefix + rule.meta.id)
      .map((message) => toFinding(rule, message, collected.get(rule) ?? [], index, request))
      .filter((finding) => !directives.disabled(rule.meta.id, finding.range.start.line)),
  );
}

function config(entries: [string, EslintRule.RuleModule][], request: LintRequest): LinterTypes.Config {
  const plugin: ESLint.Plugin = { rules: Object.fromEntries(entries) };
  return {
    files: [`**/*.${request.extension}`],
    plugins: { faultline: plugin },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    languageOptions: {
      parser: parser as LinterTypes.Parser,
      sourceType: 'module',
      // A newer TypeScript than the parser knows is no news to the user.
      parserOptions: { ecmaFeatures: { jsx: true }, warnOnUnsupportedTypeScriptVersion: false },
    },
    settings: request.functionTimeout === undefined ? {} : { faultline: { functionTimeout: request.functionTimeout } },
    rules: Object.fromEntries(entries.map(([id]) => [prefix + id, 'error'])),
  };
}

function comments(linter: Linter): { text: string; startLine: number; endLine: number }[] {
  return linter
    .getSourceCode()
    .getAllComments()
    .map((comment) => ({
      text: comment.value,
      startLine: comment.loc?.start.line ?? 0,
      endLine: comment.loc?.end.line ?? 0,
    }));
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
  return {
    rule: rule.meta.id,
    severity: rule.messages[message.messageId ?? '']?.severity ?? rule.meta.severity,
    message: message.message,
    file: request.file,
    range: { start, end },
    url: rule.meta.url,
    ...(report?.fixes === undefined || report.fixes.length === 0 ? {} : { fixes: report.fixes }),
  };
}

function cleanMessage(message: string): string {
  return message.replace(/^Parsing error: /, '').replace(/\s+/g, ' ');
}
