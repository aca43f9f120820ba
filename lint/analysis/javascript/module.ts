import type { SourceCode } from 'eslint';
import type { TSESTree } from '@typescript-eslint/types';
import { walk } from './ast.js';
import type { Node } from './ast.js';
import { exportedValue } from './exports.js';
import type { ModuleGraph } from './graph.js';
import { findHandlers } from './handlers.js';
import type { Handler } from './handlers.js';
import { Origins } from './origins.js';
import type { DeployedFunction } from '../../deployment.js';

const owners = new WeakMap<TSESTree.Program, JavaScriptModule>();

/** What the rules know of one JavaScript or TypeScript file. Everything is computed on first use. */
export class JavaScriptModule {
  readonly sourceCode: SourceCode;
  /** Absolute, with forward slashes, or the name it was linted under. */
  readonly file: string;
  readonly #graph: ModuleGraph | undefined;
  #functions: readonly DeployedFunction[] = [];
  #origins: Origins | undefined;
  #handlers: readonly Handler[] | undefined;
  #browser: boolean | undefined;

  constructor(sourceCode: SourceCode, file = '', graph?: ModuleGraph) {
    this.sourceCode = sourceCode;
    this.file = file;
    this.#graph = graph;
    owners.set(this.program, this);
  }

  get program(): TSESTree.Program {
    return this.sourceCode.ast as unknown as TSESTree.Program;
  }

  get origins(): Origins {
    return (this.#origins ??= new Origins(this));
  }

  /** The functions of the configuration whose handlers are here; they decide what a handler is called by. */
  get functions(): readonly DeployedFunction[] {
    return this.#functions;
  }

  deploy(functions: readonly DeployedFunction[]): this {
    this.#functions = functions;
    this.#handlers = undefined;
    return this;
  }

  get handlers(): readonly Handler[] {
    return (this.#handlers ??= findHandlers(this));
  }

  /** The project's module that an import of this one names; undefined for packages and for what cannot be read. */
  imported(specifier: string): JavaScriptModule | undefined {
    return this.#graph?.imported(this, specifier);
  }

  /** The value behind an exported name, perhaps of another module that this one exports again. */
  exported(name: string): Node | undefined {
    return exportedValue(this, name);
  }

  /** The module that a node stands in: analysis that follows imports meets nodes of others. */
  ownerOf(node: Node): JavaScriptModule {
    let at: Node = node;
    while (at.parent !== undefined && at.parent !== null) at = at.parent;
    return (at.type === 'Program' ? owners.get(at) : undefined) ?? this;
  }

  /** The source text of a node of this or another module. */
  text(node: Node): string {
    return this.ownerOf(node).sourceCode.text.slice(node.range[0], node.range[1]);
  }

  /** True for code of a page: no function timeout kills it, and the browser has its own limits. */
  get isBrowser(): boolean {
    return (this.#browser ??= this.#looksLikePage());
  }

  #looksLikePage(): boolean {
    for (const node of this.program.body) {
      if (node.type !== 'ImportDeclaration') continue;
      if (/^(react|react-dom|vue|svelte|preact|solid-js|@angular)(\/|$)/.test(node.source.value)) return true;
    }
    let page = false;
    walk(this.program, (node) => {
      if (node.type === 'JSXElement' || node.type === 'JSXFragment') page = true;
      if (node.type === 'MemberExpression' && node.object.type === 'Identifier') {
        const path = this.origins.path(node);
        if (/^global\.(document|localStorage|sessionStorage|location)\./.test(path)) page = true;
      }
      return !page;
    });
    return page;
  }
}
