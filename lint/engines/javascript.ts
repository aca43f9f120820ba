import type { TSESTree } from '@typescript-eslint/types';
import { walk } from '../analysis/javascript/ast.js';
import { ModuleGraph } from '../analysis/javascript/graph.js';
import type { JavaScriptModule } from '../analysis/javascript/module.js';
import { shortestTimeout } from '../deployment.js';
import { commentsOf } from '../eslint-rule.js';
import { findingOf } from '../findings.js';
import { internalError, syntaxError } from '../problems.js';
import type { ProjectFiles } from '../project.js';
import { optionsOf } from '../rule.js';
import type { Rule } from '../rule.js';
import { LineIndex } from '../text.js';
import { notLinted } from './engine.js';
import type { Engine, Linted, LintRequest } from './engine.js';
import { parseSource } from './parse.js';
import { visitAll } from './visit.js';

/**
 * JavaScript and TypeScript: the parsers of ESLint, its scopes and its tree, in which our rules see one node after the
 * other. ESLint's own run over the tree (selectors, code paths, configuration) costs as much again, so it is left to ESLint.
 */
export function createJavaScriptEngine(rules: readonly Rule[], files: ProjectFiles): Engine {
  const graph = new ModuleGraph(files, parseImported);
  return {
    lint(request) {
      try {
        return run(graph, rules, request);
      } catch (error) {
        return notLinted(internalError('javascript engine', request.file, error));
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

function run(graph: ModuleGraph, rules: readonly Rule[], request: LintRequest): Linted {
  const parsed = parseSource(request.text, request.extension);
  if ('message' in parsed) return notLinted(syntaxError(request.file, parsed.line, parsed.column, parsed.message));
  const module = graph.add(request.file, parsed).deploy(request.around.functions);
  const { reports, failed } = apply(rules, module, request);
  const index = new LineIndex(request.text);
  const found = reports.map(({ rule, report }) => {
    const [start, end] = report.at.range;
    const range = { start: index.position(start), end: index.position(end) };
    return findingOf(rule, report, { file: request.file, range });
  });
  const own = [...failed].map(([rule, error]) => internalError(rule.meta.id, request.file, error));
  return {
    findings: [...found, ...own],
    comments: () => commentsOf(parsed),
    failed: [...failed.keys()].map((rule) => rule.meta.id),
  };
}

function apply(rules: readonly Rule[], module: JavaScriptModule, request: LintRequest) {
  const { around } = request;
  const shared = { sourceCode: module.sourceCode, module, around, functionTimeout: shortestTimeout(around) };
  return visitAll<TSESTree.Node>(
    rules,
    (rule, report) =>
      rule.javascript?.create({ ...shared, options: optionsOf(rule, request.options), report }) as Record<
        string,
        (node: TSESTree.Node) => void
      >,
    (visit) => {
      walk(module.program, (node) => {
        visit(node);
        return undefined;
      });
    },
  );
}
