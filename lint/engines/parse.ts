import * as typescript from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/types';
import { analyze } from 'eslint-scope';
import { Linter } from 'eslint/universal';
import type { SourceCode } from 'eslint';
import * as espree from 'espree';

/** Why a text does not parse; line and column from 1. */
export interface ParseProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

type Node = TSESTree.Node;
type VisitorKeys = Readonly<Record<string, readonly string[] | undefined>>;

/** What a parser gives; both scope managers answer the same questions. */
interface Parsed {
  readonly ast: object;
  readonly scopeManager: unknown;
  readonly visitorKeys: VisitorKeys;
}

const common = { loc: true, range: true, tokens: true, comment: true, sourceType: 'module' } as const;

/**
 * The syntax tree, tokens, comments and scopes of a text, with every node's parent set.
 *
 * JavaScript is read by ESLint's own parser, three times as fast; what it does not read (types, decorators, sloppy code) is
 * read by TypeScript's.
 *
 * @throws RangeError for code nested deeper than our stack: that is no mistake of its author
 */
export function parseSource(text: string, extension: string): SourceCode | ParseProblem {
  // `#!` is no JavaScript; its place must stay.
  const code = text.startsWith('#!') ? `//${text.slice(2)}` : text;
  const quick = /^[cm]?jsx?$/.test(extension) ? attempt(() => asJavaScript(code)) : undefined;
  const parsed = quick === undefined || 'message' in quick ? attempt(() => asTypeScript(code, extension)) : quick;
  if ('message' in parsed) return parsed;
  setParents(parsed.ast as Node, parsed.visitorKeys);
  return new SourceText({ text, ast: parsed.ast, scopeManager: parsed.scopeManager, visitorKeys: parsed.visitorKeys });
}

function asJavaScript(text: string): Parsed {
  const ast = espree.parse(text, { ...common, ecmaVersion: 'latest', ecmaFeatures: { jsx: true } });
  const scopeManager = analyze(ast as never, {
    ignoreEval: true,
    ecmaVersion: espree.latestEcmaVersion,
    sourceType: 'module',
    childVisitorKeys: espree.VisitorKeys as never,
  });
  return { ast, scopeManager, visitorKeys: espree.VisitorKeys as VisitorKeys };
}

function asTypeScript(text: string, extension: string): Parsed {
  const { ast, scopeManager, visitorKeys } = typescript.parseForESLint(text, {
    ...common,
    ecmaFeatures: { jsx: true },
    filePath: `file.${extension}`,
    // A newer TypeScript than the parser knows is no news to the user.
    warnOnUnsupportedTypeScriptVersion: false,
  });
  return { ast, scopeManager, visitorKeys: visitorKeys as VisitorKeys };
}

function attempt(parse: () => Parsed): Parsed | ParseProblem {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const { message, lineNumber = 1, column = 0 } = error as Error & { lineNumber?: number; column?: number };
    // Both count lines from 1; TypeScript's counts columns from 0.
    return { message: message.replace(/\s+/g, ' '), line: lineNumber, column: column + 1 };
  }
}

/** Without recursion: code that is generated may nest deeper than a stack. */
function setParents(root: Node, keys: VisitorKeys): void {
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const key of keys[node.type] ?? []) {
      const value = node[key as keyof Node] as unknown as Node | (Node | null)[] | null | undefined;
      for (const child of Array.isArray(value) ? value : [value]) {
        if (typeof child?.type !== 'string') continue;
        child.parent = node;
        open.push(child);
      }
    }
  }
}

/** ESLint's class of a parsed text, which rules are written against; the small build of ESLint does not name it. */
const SourceText = (() => {
  const linter = new Linter({ configType: 'flat' });
  linter.verify('', []);
  return linter.getSourceCode().constructor as new (parts: object) => SourceCode;
})();
