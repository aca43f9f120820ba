import { readFileSync, statSync } from 'node:fs';
import { Linter } from 'eslint';
import type { ESLint, Linter as LinterTypes, Rule as EslintRule, SourceCode } from 'eslint';
import { ModuleGraph } from './analysis/javascript/graph.js';
import type { Parse } from './analysis/javascript/graph.js';
import type { JavaScriptModule } from './analysis/javascript/module.js';
import type { DeployedFunction, Surroundings } from './deployment.js';
import { unknownRule, withoutReason } from './directive-rules.js';
import { Directives } from './directives.js';
import { diskFiles, readOnce } from './disk.js';
import { asEslintRule, commentsOf } from './eslint-rule.js';
import type { RuleHost } from './eslint-rule.js';
import { installedIn } from './installed.js';
import type { ProjectFiles } from './project.js';
import type { Rule } from './rule.js';
import { rules as registry } from './rules/index.js';

/**
 * Faultline's rules for JavaScript and TypeScript as a plugin of ESLint (flat config). Files are read with the parser that
 * ESLint is configured with, those that are imported as well; nothing else is loaded.
 */

const all = Object.values<Rule>(registry).filter((rule) => rule.javascript !== undefined);
const ids = Object.keys(registry);

/** Manifests and lock files, for the versions that are installed. */
const manifests = readOnce();
const disk = diskFiles();
/** When the files that imports led to were last written, as of their reading. */
const written = new Map<string, number | undefined>();
/** Relative paths, as ESLint may give them, cannot be followed. */
const files: ProjectFiles = {
  isFile: (path) => disk.isFile(path),
  read(path) {
    written.set(path, writtenAt(path));
    return disk.read(path);
  },
};
type Parser = NonNullable<NonNullable<LinterTypes.Config['languageOptions']>['parser']>;
/** By parser: there are one or two. */
const graphs = new Map<object, ModuleGraph>();
const modules = new WeakMap<SourceCode, JavaScriptModule>();
const directives = new WeakMap<SourceCode, Directives>();

function hostOf(context: EslintRule.RuleContext): RuleHost {
  const file = context.physicalFilename;
  const functions = functionsFor(context, file);
  const known = modules.get(context.sourceCode);
  if (known === undefined) forgetChanged();
  const module = known ?? graphFor(context).add(file, context.sourceCode);
  modules.set(context.sourceCode, module.deploy(functions));
  const around: Surroundings = { functions, installed: installedIn(manifests, file) };
  return { module, around };
}

function writtenAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** An editor keeps ESLint running while files change; a run on the command line is over before they do. */
function forgetChanged(): void {
  const now = performance.now();
  if (now - lookedAt < LOOK_MS) return;
  lookedAt = now;
  for (const [path, at] of written) {
    if (writtenAt(path) === at) continue;
    written.delete(path);
    disk.forget(path);
    for (const graph of graphs.values()) graph.forget(path);
  }
}

/** So long, in ms, what imports led to is taken to be as it was. */
const LOOK_MS = 500;
let lookedAt = -Infinity;

/** Modules that one parser made are of no use to another. */
function graphFor(context: EslintRule.RuleContext): ModuleGraph {
  const { parser } = context.languageOptions as { parser?: Parser };
  const key = parser ?? noParser;
  const graph = graphs.get(key) ?? new ModuleGraph(files, parseWith(parser));
  graphs.set(key, graph);
  return graph;
}

const noParser = {};

function parseWith(parser: Parser | undefined): Parse {
  const linter = new Linter({ configType: 'flat' });
  return (text, extension) => {
    const languageOptions = {
      ...(parser === undefined ? {} : { parser }),
      sourceType: extension === 'cjs' ? ('commonjs' as const) : ('module' as const),
      parserOptions: { ecmaFeatures: { jsx: true }, warnOnUnsupportedTypeScriptVersion: false },
    };
    const config = [{ files: [`**/*.${extension}`], languageOptions }];
    const [fatal] = linter
      .verify(text, config, { filename: `file.${extension}` })
      .filter((each) => each.fatal === true);
    return fatal === undefined ? linter.getSourceCode() : { message: fatal.message };
  };
}

/** `settings.faultline.functions`: what faultline.yaml would say of the functions whose handlers are linted. */
function functionsFor(context: EslintRule.RuleContext, file: string): readonly DeployedFunction[] {
  const { faultline } = context.settings as { faultline?: { functions?: readonly Partial<DeployedFunction>[] } };
  const found = faultline?.functions?.filter(
    (each) => each.file !== undefined && sameFile(each.file, file, context.cwd),
  );
  return (found ?? []).map((each) => ({
    name: 'handler',
    export: 'handler',
    runtime: 'nodejs22.x',
    timeoutMs: 3_000,
    kinds: [],
    ...each,
    file,
  }));
}

function sameFile(named: string, file: string, cwd: string): boolean {
  const plain = (path: string): string => path.replaceAll('\\', '/').replace(/^\.\//, '');
  return plain(file) === plain(named) || plain(file) === `${plain(cwd).replace(/\/$/, '')}/${plain(named)}`;
}

function directivesOf(sourceCode: SourceCode): Directives {
  // ESLint sees to its own comments, and says so when one is of no use.
  const ours = commentsOf(sourceCode).filter(({ text }) => text.includes('faultline-'));
  const known = directives.get(sourceCode) ?? new Directives(ours, sourceCode.text);
  directives.set(sourceCode, known);
  return known;
}

/** Our own comments work here too: `faultline-disable-next-line rule -- reason`. */
const isDisabled = (rule: Rule, sourceCode: SourceCode, line: number): boolean =>
  sourceCode.text.includes('faultline-disable') && directivesOf(sourceCode).disabled(rule.meta.id, line);

/** What is said of a comment itself. */
function aboutComments(
  rule: Rule,
  say: (directives: Directives) => { at: [number, number]; data: Record<string, string> }[],
): EslintRule.RuleModule {
  const { summary, url } = rule.meta;
  return {
    meta: {
      type: 'problem',
      docs: { description: summary, url },
      schema: [],
      messages: { found: rule.messages['found']?.text ?? summary },
    },
    create: ({ sourceCode, report }) => ({
      Program() {
        if (!sourceCode.text.includes('faultline-disable')) return;
        for (const { at, data } of say(directivesOf(sourceCode))) {
          const loc = { start: sourceCode.getLocFromIndex(at[0]), end: sourceCode.getLocFromIndex(at[1]) };
          report({ loc, messageId: 'found', data });
        }
      },
    }),
  };
}

const ofComments: Record<string, EslintRule.RuleModule> = {
  [withoutReason.meta.id]: aboutComments(withoutReason, ({ own: each }) =>
    each
      .filter(({ reason }) => reason === '')
      .map(({ comment }) => ({
        at: [comment.start, comment.end],
        data: { example: `${comment.text.trim().replace(/\s*--$/, '')} -- reason` },
      })),
  ),
  [unknownRule.meta.id]: aboutComments(unknownRule, ({ own: each }) =>
    each.flatMap(({ comment, rules }) =>
      rules
        .filter(({ id }) => !ids.includes(id))
        .map(({ id }) => ({
          at: [comment.start, comment.end],
          data: { name: id, advice: 'Every rule has a page in the documentation.' },
        })),
    ),
  ),
};

const rules: Record<string, EslintRule.RuleModule> = {
  ...Object.fromEntries(all.map((rule) => [rule.meta.id, asEslintRule(rule, hostOf, isDisabled)])),
  ...ofComments,
};

type Level = 'warn' | 'error';
const level = (severity: string): Level => (severity === 'error' ? 'error' : 'warn');

/** Notes of the recommended preset are no warnings in an editor that knows only two levels: they stay out of it. */
function levels(strict: boolean): Record<string, Level> {
  const chosen = all.flatMap(({ meta }): [string, Level][] => {
    if (strict) return [[`faultline/${meta.id}`, level(meta.strict ?? meta.severity)]];
    return meta.recommended === false || meta.severity === 'info'
      ? []
      : [[`faultline/${meta.id}`, level(meta.severity)]];
  });
  return {
    ...Object.fromEntries(chosen),
    ...Object.fromEntries(Object.keys(ofComments).map((id) => [`faultline/${id}`, 'warn' as const])),
  };
}

const plugin: ESLint.Plugin & { configs: Record<'recommended' | 'strict', LinterTypes.Config> } = {
  meta: { name: 'faultline', version: version(), namespace: 'faultline' },
  rules,
  configs: {
    recommended: preset('recommended', false),
    strict: preset('strict', true),
  },
};

function preset(name: string, strict: boolean): LinterTypes.Config {
  return {
    name: `faultline/${name}`,
    files: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'],
    plugins: {
      get faultline(): ESLint.Plugin {
        return plugin;
      },
    },
    rules: levels(strict),
  };
}

/** Of the package that this file is shipped in. */
function version(): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    return String((manifest as { version?: unknown }).version);
  } catch {
    return '0.0.0';
  }
}

export const configs = plugin.configs;
export default plugin;
