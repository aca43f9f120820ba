import type { SourceCode } from 'eslint';
import { extensionOf, languageOf } from '../../language.js';
import type { ProjectFiles } from '../../project.js';
import { JavaScriptModule } from './module.js';
import { resolveImport } from './resolve.js';

/** Modules kept beside the one that is linted: a syntax tree takes about a hundred times its text, and keeping costs time. */
const kept = 100;

/** Reads a text as the files of a project are read; anything without a tree is a text that does not parse. */
export type Parse = (text: string, extension: string) => SourceCode | { readonly message: string };

/** The files of a project as modules, read and parsed when an import leads to them. */
export class ModuleGraph {
  readonly #files: ProjectFiles;
  readonly #parse: Parse;
  /** In order of use, so that the first is the one to forget. */
  readonly #modules = new Map<string, JavaScriptModule | undefined>();
  /** The project's files that each file imports. */
  readonly #imports = new Map<string, Set<string>>();

  constructor(files: ProjectFiles, parse: Parse) {
    this.#files = files;
    this.#parse = parse;
  }

  /** Registers a file that has been parsed, in place of what was known of it. */
  add(file: string, sourceCode: SourceCode): JavaScriptModule {
    const path = normal(file);
    this.#imports.delete(path);
    return this.#keep(path, new JavaScriptModule(sourceCode, path, this));
  }

  /** The module that `specifier` names in `from`; undefined for packages and for what cannot be read. */
  imported(from: JavaScriptModule, specifier: string): JavaScriptModule | undefined {
    const path = resolveImport(this.#files, from.file, specifier);
    if (path === undefined) return undefined;
    const imports = this.#imports.get(from.file) ?? new Set();
    this.#imports.set(from.file, imports.add(path));
    return this.#module(path);
  }

  /** The project's files that what is known of `file` depends on: its imports, and theirs, as far as they were followed. */
  dependencies(file: string): string[] {
    const found = new Set<string>();
    const visit = (path: string): void => {
      for (const each of this.#imports.get(path) ?? []) {
        if (found.has(each)) continue;
        found.add(each);
        visit(each);
      }
    };
    visit(normal(file));
    return [...found];
  }

  /** A file has changed: what was read of it is not true any more, nor what others concluded from it. */
  forget(file: string): void {
    const path = normal(file);
    for (const each of [...this.#modules.keys()]) {
      if (each === path || this.dependencies(each).includes(path)) this.#modules.delete(each);
    }
  }

  #module(path: string): JavaScriptModule | undefined {
    if (this.#modules.has(path)) return this.#keep(path, this.#modules.get(path));
    const language = languageOf(path);
    const text = language === undefined || language === 'python' ? undefined : this.#files.read(path);
    const parsed =
      text === undefined || language === undefined ? undefined : this.#parse(text, extensionOf(path, language));
    const readable = parsed !== undefined && !('message' in parsed);
    return this.#keep(path, readable ? new JavaScriptModule(parsed, path, this) : undefined);
  }

  #keep<T extends JavaScriptModule | undefined>(path: string, module: T): T {
    this.#modules.delete(path);
    this.#modules.set(path, module);
    const [oldest] = this.#modules.keys();
    if (this.#modules.size > kept && oldest !== undefined) this.#modules.delete(oldest);
    return module;
  }
}

function normal(file: string): string {
  return file.replaceAll('\\', '/');
}
