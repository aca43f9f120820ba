import type { TSESTree } from '@typescript-eslint/types';
import type { SourceCode } from 'eslint';
import type { Dependency, Fix, OptionSchema, RuleMeta, Severity, TextEdit } from '../emulator/contract/findings.js';
import type { JavaScriptModule } from './analysis/javascript/module.js';
import type { PythonModule } from './analysis/python/module.js';
import type { PyNode } from './analysis/python/tree.js';
import type { Surroundings } from './deployment.js';

/** A message and, where it differs from the rule's own severity, how loud it is. `{{name}}` is filled from data. */
export interface RuleMessage {
  readonly text: string;
  readonly severity?: Severity;
}

/** What a rule says about one place, whatever the language. */
export interface Report<Place> {
  readonly at: Place;
  readonly message: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly fixes?: readonly Fix[];
  /** The export of the handler that it is about. */
  readonly handler?: string;
  /** Who the code waits for here: what the experiment that proves it breaks. */
  readonly dependency?: Dependency;
}

interface RuleContext {
  readonly around: Surroundings;
  /** The rule's own options, complete: what the user left out has its default. */
  readonly options: RuleOptions;
  /** The shortest timeout, in seconds, of the functions of this file; undefined where the configuration has none. */
  readonly functionTimeout: number | undefined;
}

export type RuleOptions = Readonly<Record<string, boolean | number | string | readonly string[]>>;

export interface JavaScriptContext extends RuleContext {
  readonly sourceCode: SourceCode;
  /** Imports, instances, handlers: computed once a file, on first use. */
  readonly module: JavaScriptModule;
  report(report: Report<TSESTree.Node>): void;
}

export type JavaScriptListener = Record<string, (node: never) => void>;

/** The JavaScript and TypeScript half of a rule: an ESLint visitor over the TypeScript-ESTree. */
export interface JavaScriptRule {
  create(context: JavaScriptContext): JavaScriptListener;
}

export interface PythonContext extends RuleContext {
  readonly module: PythonModule;
  report(report: Report<PyNode>): void;
}

/** The Python half of a rule: visitors by tree-sitter node type. */
export interface PythonRule {
  create(context: PythonContext): Readonly<Record<string, (node: PyNode) => void>>;
}

/** One rule: what it is called, what it can say, and how it looks at each language. */
export interface Rule {
  readonly meta: RuleMeta;
  readonly messages: Readonly<Record<string, RuleMessage>>;
  readonly javascript?: JavaScriptRule;
  readonly python?: PythonRule;
}

export function fix(title: string, safe: boolean, ...edits: TextEdit[]): Fix {
  return { title, safe, edits };
}

/**
 * The bound that fixes write, in milliseconds.
 *
 * With a known function timeout it is 90 % of it: a call that takes longer was never answered, since the platform
 * kills the function first, so the change keeps behaviour. Without one it is a guess, so never applied unasked.
 */
export function suggestedBound(functionTimeout: number | undefined): { ms: number; safe: boolean } {
  // Below the 3 s that a Lambda function gets when nobody says otherwise.
  if (functionTimeout === undefined || functionTimeout <= 0) return { ms: 2500, safe: false };
  return { ms: Math.max(1, Math.floor(functionTimeout * 900)), safe: true };
}

/** A rule's options, what the user left out filled in from its schema. */
export function optionsOf(rule: Rule, chosen: Readonly<Record<string, RuleOptions>>): RuleOptions {
  const defaults = Object.entries(rule.meta.options?.properties ?? {}).map(([key, each]) => [key, each.default]);
  return { ...(Object.fromEntries(defaults) as RuleOptions), ...chosen[rule.meta.id] };
}

/** The option of rules about dependencies: names of clients, hosts or AWS services that they leave alone. */
export const ignoreOption = {
  description: 'Clients (`axios`), hosts (`cache.internal`) and AWS services (`ssm`) that are left alone',
  type: 'array',
  items: { type: 'string' },
  default: [],
} as const satisfies OptionSchema;

/** True for a dependency that the option `ignore` names. */
export function isIgnored(options: RuleOptions, { client, host, service }: Partial<Dependency>): boolean {
  const { ignore } = options;
  return Array.isArray(ignore) && [client, host, service].some((each) => each !== undefined && ignore.includes(each));
}
