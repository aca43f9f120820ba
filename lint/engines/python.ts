import { Language, Parser } from 'web-tree-sitter';
import type { Node, Tree } from 'web-tree-sitter';
import type { Finding, TextRange } from '../../emulator/contract/findings.js';
import { PyModuleGraph } from '../analysis/python/graph.js';
import type { PythonModule } from '../analysis/python/module.js';
import { copyTree, walkPython } from '../analysis/python/tree.js';
import type { PyNode } from '../analysis/python/tree.js';
import type { Comment } from '../directives.js';
import { shortestTimeout } from '../deployment.js';
import { findingOf } from '../findings.js';
import { internalError, python2, syntaxError } from '../problems.js';
import { optionsOf } from '../rule.js';
import type { ProjectFiles } from '../project.js';
import type { Rule } from '../rule.js';
import { LineIndex } from '../text.js';
import { notLinted } from './engine.js';
import type { Engine, Linted, LintRequest } from './engine.js';
import { python2Mark } from './python2.js';
import { visitAll } from './visit.js';
import { wasmBytes } from './wasm.js';
import type { PythonWasm } from './wasm.js';

/** Python through tree-sitter; loads its WebAssembly once (about 15 ms). */
export async function createPythonEngine(
  rules: readonly Rule[],
  files: ProjectFiles,
  wasm: PythonWasm,
): Promise<Engine> {
  await Parser.init({ wasmBinary: (await wasmBytes(wasm.runtime)) as never });
  const language = await Language.load(await wasmBytes(wasm.grammar));
  const parser = new Parser().setLanguage(language);
  const graph = new PyModuleGraph(files, (text) => parsed(parser, text));
  return {
    lint: (request) => lint(parser, graph, rules, request),
    dependencies: (file) => graph.dependencies(file),
    forget: (file) => graph.forget(file),
  };
}

/** The syntax tree of a file that an import leads to; undefined where it does not parse. */
function parsed(parser: Parser, text: string): PyNode | undefined {
  const tree = parser.parse(text);
  try {
    return tree === null || tree.rootNode.hasError ? undefined : copyTree(tree);
  } finally {
    tree?.delete();
  }
}

function lint(parser: Parser, graph: PyModuleGraph, rules: readonly Rule[], request: LintRequest): Linted {
  const tree = parser.parse(request.text);
  if (tree === null) return notLinted(internalError('python engine', request.file, 'the parser gave no tree'));
  try {
    const old = python2Mark(tree, request.text);
    if (old !== undefined) return notLinted(python2(request.file, old.line, old.what));
    const broken = firstError(tree);
    if (broken !== undefined) return notLinted(describe(request, broken));
    return applyRules(rules, graph.add(request.file, copyTree(tree), request.text, request.around), request);
  } catch (error) {
    return notLinted(internalError('python engine', request.file, error));
  } finally {
    tree.delete();
  }
}

/** The first place, in reading order, that the grammar could not make sense of. */
function firstError(tree: Tree): Node | undefined {
  if (!tree.rootNode.hasError) return undefined;
  let at: Node = tree.rootNode;
  for (;;) {
    if (at.isError || at.isMissing) {
      // A whole block may be wrapped in one ERROR: the inner one is nearer to the mistake.
      const inner = at.children.find((each) => each.isError || each.isMissing);
      if (inner === undefined) return at;
      at = inner;
      continue;
    }
    const next = at.children.find((each) => each.hasError || each.isMissing);
    if (next === undefined) return at;
    at = next;
  }
}

function describe(request: LintRequest, node: Node): Finding {
  const at = new LineIndex(request.text).position(node.startIndex);
  const found = request.text.slice(node.startIndex, node.endIndex).split('\n')[0]?.trim().slice(0, 40) ?? '';
  const what = node.isMissing
    ? `\`${node.type}\` is missing`
    : found === ''
      ? 'invalid syntax'
      : `invalid syntax at \`${found}\``;
  return syntaxError(request.file, at.line, at.column, `${what}.`);
}

function applyRules(rules: readonly Rule[], module: PythonModule, request: LintRequest): Linted {
  const { around } = request;
  const shared = { module, around, functionTimeout: shortestTimeout(around) };
  const { reports, failed } = visitAll<PyNode>(
    rules,
    (rule, report) => rule.python?.create({ ...shared, options: optionsOf(rule, request.options), report }),
    (visit) => {
      walkPython(module.root, (node) => {
        visit(node);
        return undefined;
      });
    },
  );
  const index = new LineIndex(request.text);
  const found = reports.map(({ rule, report }) =>
    findingOf(rule, report, { file: request.file, range: rangeOf(report.at, index) }),
  );
  const own = [...failed].map(([rule, error]) => internalError(rule.meta.id, request.file, error));
  return {
    findings: [...found, ...own],
    comments: () => comments(module, index),
    failed: [...failed.keys()].map((rule) => rule.meta.id),
  };
}

function comments(module: PythonModule, index: LineIndex): Comment[] {
  const found: Comment[] = [];
  walkPython(module.root, (node) => {
    if (node.type !== 'comment') return undefined;
    const { start, end } = node;
    const line = index.position(start).line;
    found.push({ text: module.text(node).replace(/^#/, ''), start, end, startLine: line, endLine: line });
    return undefined;
  });
  return found;
}

function rangeOf(node: PyNode, index: LineIndex): TextRange {
  return { start: index.position(node.start), end: index.position(node.end) };
}
