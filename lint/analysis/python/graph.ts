import type { Surroundings } from '../../deployment.js';
import type { ProjectFiles } from '../../project.js';
import { PythonModule } from './module.js';
import { PyResolver } from './resolve.js';
import type { PyNode } from './tree.js';

/** Modules kept beside the one that is linted: a syntax tree takes about a hundred times its text. */
const kept = 400;

/** The Python files of a project as modules, read and parsed when an import leads to them. */
export class PyModuleGraph {
  readonly #files: ProjectFiles;
  readonly #parse: (text: string) => PyNode | undefined;
  readonly #resolver: PyResolver;
  /** In order of use, so that the first is the one to forget. */
  readonly #modules = new Map<string, PythonModule | undefined>();
  /** The project's files that each file imports. */
  readonly #imports = new Map<string, Set<string>>();

  /** @param parse gives the syntax tree of a text; undefined where it does not parse */
  constructor(files: ProjectFiles, parse: (text: string) => PyNode | undefined) {
    this.#files = files;
    this.#parse = parse;
    this.#resolver = new PyResolver(files);
  }

  /** Registers a file that has been parsed, in place of what was known of it. */
  add(file: string, root: PyNode, text: string, around: Surroundings): PythonModule {
    const path = normal(file);
    this.#imports.delete(path);
    return this.#keep(path, new PythonModule(root, text, { around, file: path, graph: this }));
  }

  /** The module that `name` (`.db`, `lib.db`) is in `from`; undefined for packages and for what cannot be read. */
  imported(from: PythonModule, name: string): PythonModule | undefined {
    const path = this.#resolver.resolve(from.file, name);
    if (path === undefined || path === from.file) return undefined;
    const imports = this.#imports.get(from.file) ?? new Set();
    this.#imports.set(from.file, imports.add(path));
    return this.#module(path);
  }

  /** The project's files that what is known of `file` depends on: its imports, and theirs, as far as they were followed. */
  dependencies(file: string): string[] {
    const found = new Set<string>();
    const waiting = [normal(file)];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (const each of this.#imports.get(at) ?? []) {
        if (found.has(each)) continue;
        found.add(each);
        waiting.push(each);
      }
    }
    return [...found];
  }

  /** A file has changed: what was read of it is not true any more, nor what others concluded from it. */
  forget(file: string): void {
    const path = normal(file);
    this.#resolver.forget();
    for (const each of [...this.#modules.keys()]) {
      if (each === path || this.dependencies(each).includes(path)) this.#modules.delete(each);
    }
  }

  #module(path: string): PythonModule | undefined {
    if (this.#modules.has(path)) return this.#keep(path, this.#modules.get(path));
    const text = this.#files.read(path);
    const root = text === undefined ? undefined : this.#parse(text);
    const module =
      text === undefined || root === undefined ? undefined : new PythonModule(root, text, { file: path, graph: this });
    return this.#keep(path, module);
  }

  #keep<T extends PythonModule | undefined>(path: string, module: T): T {
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
