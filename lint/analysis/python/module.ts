import { noSurroundings } from '../../deployment.js';
import type { DeployedFunction, Surroundings } from '../../deployment.js';
import { findPythonHandlers } from './handlers.js';
import type { PyHandler } from './handlers.js';
import { PyOrigins } from './origins.js';
import type { PyNode } from './tree.js';

/** What the rules know of one Python file. Computed on first use. */
export class PythonModule {
  readonly root: PyNode;
  readonly source: string;
  /** The functions of the configuration whose handlers are here; they decide what a handler is called by. */
  readonly functions: readonly DeployedFunction[];
  #origins: PyOrigins | undefined;
  #handlers: readonly PyHandler[] | undefined;

  constructor(root: PyNode, source: string, around: Surroundings = noSurroundings) {
    this.functions = around.functions;
    this.root = root;
    this.source = source;
  }

  text(node: PyNode | undefined): string {
    return node === undefined ? '' : this.source.slice(node.start, node.end);
  }

  get origins(): PyOrigins {
    return (this.#origins ??= new PyOrigins(this.root, this.source));
  }

  get handlers(): readonly PyHandler[] {
    return (this.#handlers ??= findPythonHandlers(this));
  }
}
