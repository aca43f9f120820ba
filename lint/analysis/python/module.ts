import { noSurroundings } from '../../deployment.js';
import type { DeployedFunction, Surroundings } from '../../deployment.js';
import type { PyModuleGraph } from './graph.js';
import { findPythonHandlers } from './handlers.js';
import type { PyHandler } from './handlers.js';
import { PyNames } from './names.js';
import { PyOrigins } from './origins.js';
import type { PyNode } from './tree.js';

const owners = new WeakMap<PyNode, PythonModule>();

/** What the rules know of one Python file. Computed on first use. */
export class PythonModule {
  readonly root: PyNode;
  readonly source: string;
  /** Absolute, with forward slashes, or the name it was linted under. */
  readonly file: string;
  /** The functions of the configuration whose handlers are here; they decide what a handler is called by. */
  readonly functions: readonly DeployedFunction[];
  readonly #graph: PyModuleGraph | undefined;
  #names: PyNames | undefined;
  #origins: PyOrigins | undefined;
  #handlers: readonly PyHandler[] | undefined;

  constructor(
    root: PyNode,
    source: string,
    place: { around?: Surroundings; file?: string; graph?: PyModuleGraph } = {},
  ) {
    this.functions = (place.around ?? noSurroundings).functions;
    this.root = root;
    this.source = source;
    this.file = place.file ?? '';
    this.#graph = place.graph;
    owners.set(root, this);
  }

  /** The module that a node stands in: analysis that follows imports meets nodes of others. */
  ownerOf(node: PyNode): PythonModule {
    return owners.get(node.root) ?? this;
  }

  /** The source text of a node of this or another module. */
  text(node: PyNode | undefined): string {
    return node === undefined ? '' : this.ownerOf(node).source.slice(node.start, node.end);
  }

  /** The project's module that an import of this one names (`.db`, `lib.db`); undefined for packages. */
  imported(name: string): PythonModule | undefined {
    return this.#graph?.imported(this, name);
  }

  /** What the file gives names: imports, assignments, parameters, fields. */
  get names(): PyNames {
    return (this.#names ??= new PyNames(this.root, this.source));
  }

  get origins(): PyOrigins {
    return (this.#origins ??= new PyOrigins(this));
  }

  get handlers(): readonly PyHandler[] {
    return (this.#handlers ??= findPythonHandlers(this));
  }
}
