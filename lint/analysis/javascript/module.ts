import type { SourceCode } from 'eslint';
import type { TSESTree } from '@typescript-eslint/types';
import { walk } from './ast.js';
import { findHandlers } from './handlers.js';
import type { Handler } from './handlers.js';
import { Origins } from './origins.js';

/** What the rules know of one JavaScript or TypeScript file. Everything is computed on first use. */
export class JavaScriptModule {
  readonly sourceCode: SourceCode;
  #origins: Origins | undefined;
  #handlers: readonly Handler[] | undefined;
  #browser: boolean | undefined;

  constructor(sourceCode: SourceCode) {
    this.sourceCode = sourceCode;
  }

  get program(): TSESTree.Program {
    return this.sourceCode.ast as unknown as TSESTree.Program;
  }

  get origins(): Origins {
    return (this.#origins ??= new Origins(this.sourceCode));
  }

  get handlers(): readonly Handler[] {
    return (this.#handlers ??= findHandlers(this));
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

const modules = new WeakMap<SourceCode, JavaScriptModule>();

/** The one module of a parsed file, shared by all rules. */
export function moduleOf(sourceCode: SourceCode): JavaScriptModule {
  const known = modules.get(sourceCode);
  if (known !== undefined) return known;
  const made = new JavaScriptModule(sourceCode);
  modules.set(sourceCode, made);
  return made;
}
