import type { TSESTree } from '@typescript-eslint/types';
import type { Rule as EslintRule, SourceCode } from 'eslint';
import type { Fix } from '../emulator/contract/findings.js';
import type { JavaScriptModule } from './analysis/javascript/module.js';
import type { Comment } from './directives.js';
import { shortestTimeout } from './deployment.js';
import type { Surroundings } from './deployment.js';
import { optionsOf } from './rule.js';
import type { Report, Rule, RuleOptions } from './rule.js';

/** What ESLint does not know of a file, and its host does. */
export interface RuleHost {
  readonly module: JavaScriptModule;
  readonly around: Surroundings;
}

/**
 * A rule of ours as a rule of ESLint, for our plugin. Fixes become suggestions, the safe ones also ESLint's own fix.
 *
 * @param hostOf what is known of the file of a context
 * @param isDisabled whether a comment of ours switches a rule off on a line
 */
export function asEslintRule(
  rule: Rule,
  hostOf: (context: EslintRule.RuleContext) => RuleHost,
  isDisabled: (rule: Rule, sourceCode: SourceCode, line: number) => boolean,
): EslintRule.RuleModule {
  const messages = Object.fromEntries(Object.entries(rule.messages).map(([id, message]) => [id, message.text]));
  return {
    meta: {
      type: 'problem',
      docs: { description: rule.meta.summary, url: rule.meta.url },
      fixable: 'code',
      hasSuggestions: true,
      schema: rule.meta.options === undefined ? [] : [rule.meta.options as never],
      messages,
    },
    create(context) {
      if (rule.javascript === undefined) return {};
      const { module, around } = hostOf(context);
      const chosen = context.options[0] as RuleOptions | undefined;
      return rule.javascript.create({
        sourceCode: context.sourceCode,
        module,
        around,
        options: optionsOf(rule, chosen === undefined ? {} : { [rule.meta.id]: chosen }),
        functionTimeout: shortestTimeout(around),
        report(report) {
          if (isDisabled(rule, context.sourceCode, report.at.loc.start.line)) return;
          context.report(asDescriptor(report));
        },
      }) as EslintRule.RuleListener;
    },
  };
}

function asDescriptor(report: Report<TSESTree.Node>): EslintRule.ReportDescriptor {
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

export function commentsOf(sourceCode: SourceCode): Comment[] {
  return sourceCode.getAllComments().map((comment) => ({
    text: comment.value,
    start: comment.range?.[0] ?? 0,
    end: comment.range?.[1] ?? 0,
    startLine: comment.loc?.start.line ?? 0,
    endLine: comment.loc?.end.line ?? 0,
  }));
}
