import { classOf, instanceClass, libraryBase, membersOf } from './classes.js';
import { exportedValues, madeAt, memberOf } from './exports.js';
import { madeBy, returned } from './factories.js';
import type { PythonModule } from './module.js';
import type { PyImport } from './names.js';
import { child, named } from './tree.js';
import type { PyNode } from './tree.js';

/** Where a Python value comes from: `requests.Session().get`, with the call that made the instance. */
export interface PyOrigin {
  readonly path: string;
  /** The last call of the path: what made the instance, and so where its options are; perhaps of another file. */
  readonly creation?: PyNode;
  /** The call of `functools.partial` that brings arguments of its own. */
  readonly partial?: PyNode;
  /** It is a module, or may be one: as whom imports it, and by which name. */
  readonly namespace?: { readonly from: PythonModule; readonly name: string };
  /** It is the project's own function, class or value, which comes from no package. */
  readonly own?: true;
}

/** Calls that hand back their first argument, instrumented or cached. */
const handsOn = /^(contextlib\.(closing|nullcontext)|typing\.cast|copy\.copy)$/;

const property = /^@\s*(\w+\.)?(cached_)?property\b/;

/** Deeper than anybody nests; ends loops through several files, and chains that would overflow the stack. */
const deepest = 150;
let depth = 0;

function deeper<T>(follow: () => T): T {
  depth++;
  try {
    return follow();
  } finally {
    depth--;
  }
}

/**
 * Follows Python names through imports, assignments, `with … as`, parameters' defaults and `self.x` to where their values
 * come from, through the modules of the project. Nodes of other modules may be asked about as well.
 */
export class PyOrigins {
  readonly #module: PythonModule;
  readonly #known = new Map<PyNode, PyOrigin | undefined>();
  readonly #values = new Map<PyNode, PyNode>();

  constructor(module: PythonModule) {
    this.#module = module;
  }

  text(node: PyNode | undefined): string {
    return this.#module.text(node);
  }

  path(node: PyNode | undefined): string {
    return node === undefined ? '' : (this.of(node)?.path ?? '');
  }

  of(node: PyNode): PyOrigin | undefined {
    if (this.#known.has(node)) return this.#known.get(node);
    const owner = this.#module.ownerOf(node);
    if (owner !== this.#module) return owner.origins.of(node);
    if (depth > deepest) return undefined;
    // Set before following, so that `a = a.b` ends.
    this.#known.set(node, undefined);
    const origin = deeper(() => this.#follow(node));
    this.#known.set(node, origin);
    return origin;
  }

  /** The first value that the nearest scope assigns to a name. */
  assigned(node: PyNode): PyNode | undefined {
    return this.allAssigned(node)[0];
  }

  /** Every value that the nearest scope assigns to a name; definitions and parameters are none. */
  allAssigned(node: PyNode): readonly PyNode[] {
    if (node.type !== 'identifier') return [];
    return (this.#module.ownerOf(node).names.values(node) ?? []).filter(isAssigned);
  }

  /** A function defined at the top of the file, the last of that name. */
  functionNamed(name: string): PyNode | undefined {
    return this.#module.names.top(name)?.findLast((each) => each.type === 'function_definition');
  }

  /**
   * The expression that a name stands for: through constants, imports, fields and members of modules, also in other files.
   * A definition, a call, a literal, … or the node itself where more than one value is possible.
   */
  valueOf(node: PyNode): PyNode {
    const known = this.#values.get(node);
    if (known !== undefined) return known;
    const owner = this.#module.ownerOf(node);
    if (owner !== this.#module) return owner.origins.valueOf(node);
    if (depth > deepest) return node;
    // Set before following, so that `a = a.b` ends.
    this.#values.set(node, node);
    const value = deeper(() => {
      const next = this.#standsFor(node);
      return next === undefined ? node : this.valueOf(next);
    });
    this.#values.set(node, value);
    return value;
  }

  #standsFor(node: PyNode): PyNode | undefined {
    if (node.type === 'await' || node.type === 'parenthesized_expression') return named(node)[0];
    const values = this.#valuesOf(node).filter((each) => each.type !== 'type');
    const shown = values.filter((each) => each.type !== 'none');
    const [only] = shown.length === 0 ? values : shown;
    return only === undefined || shown.length > 1 || isParameter(only) ? undefined : only;
  }

  /** The function of the project that an expression names, also in another file, or as a method. */
  functionOf(node: PyNode): PyNode | undefined {
    const value = this.valueOf(node);
    return value.type === 'function_definition' ? value : undefined;
  }

  /** What an identifier or an attribute of the project's own may be, one step on. */
  #valuesOf(node: PyNode): readonly PyNode[] {
    const name = this.text(node.type === 'attribute' ? child(node, 'attribute') : node);
    if (node.type === 'identifier') return this.#module.names.values(node) ?? exportedValues(this.#module, name);
    const object = node.type === 'attribute' ? child(node, 'object') : undefined;
    if (object === undefined) return [];
    const definition = instanceClass(this.#module, object);
    if (definition !== undefined) return membersOf(this.#module, definition, name);
    const namespace = this.of(object)?.namespace;
    const target = namespace?.from.imported(namespace.name);
    return target === undefined ? [] : exportedValues(target, name);
  }

  #follow(node: PyNode): PyOrigin | undefined {
    switch (node.type) {
      case 'identifier':
        return this.#identifier(node);
      case 'attribute':
        return this.#attribute(node);
      case 'call':
        return this.#call(node);
      case 'type':
        return this.#annotated(node);
      case 'function_definition':
        return decoratorsOf(node).some((each) => property.test(this.text(each)))
          ? returned(this.#module, node)
          : undefined;
      case 'await':
      case 'parenthesized_expression':
        return this.#first(named(node).slice(0, 1));
      case 'boolean_operator':
        return this.#first(node.children.filter((each) => each.named));
      case 'conditional_expression': {
        const [then, , otherwise] = named(node);
        return this.#first([then, otherwise].filter((each) => each !== undefined));
      }
      default:
        return undefined;
    }
  }

  #identifier(node: PyNode): PyOrigin | undefined {
    const values = this.#module.names.values(node);
    if (values !== undefined) {
      const found = this.#first(values);
      if (found !== undefined || values.length === 0 || values.every((each) => each.type !== 'none')) return found;
    }
    return this.named(this.text(node), true);
  }

  /** Where a name at the top of the file comes from. */
  named(name: string, onlyImports = false): PyOrigin | undefined {
    const made = onlyImports ? undefined : this.#first(this.#module.names.top(name) ?? []);
    if (made !== undefined || depth > deepest) return made;
    const imported = this.#module.names.imports.get(name);
    if (imported !== undefined) return deeper(() => this.#imported(imported));
    for (const star of this.#module.names.stars) {
      const origin = deeper(() => this.#module.imported(star)?.origins.named(name));
      if (origin !== undefined) return origin;
    }
    return undefined;
  }

  #imported({ module, member }: PyImport): PyOrigin {
    const origin: PyOrigin = { path: module, namespace: { from: this.#module, name: module } };
    return member === undefined ? origin : memberOf(origin, member);
  }

  #first(nodes: readonly PyNode[]): PyOrigin | undefined {
    for (const each of nodes) {
      const origin = this.of(each);
      if (origin !== undefined) return origin;
    }
    return undefined;
  }

  #attribute(node: PyNode): PyOrigin | undefined {
    const object = child(node, 'object');
    const name = this.text(child(node, 'attribute'));
    if (object === undefined) return undefined;
    const definition = instanceClass(this.#module, object);
    if (definition !== undefined) {
      const members = membersOf(this.#module, definition, name);
      const base = members.length > 0 ? undefined : libraryBase(this.#module, definition);
      if (base !== undefined) return { path: `${base.path}().${name}`, ...madeAt(this.of(object)) };
      return this.#first(members);
    }
    const origin = this.of(object);
    return origin === undefined ? undefined : memberOf(origin, name);
  }

  #call(node: PyNode): PyOrigin | undefined {
    const callee = child(node, 'function');
    if (callee === undefined) return undefined;
    const definition = classOf(this.#module, callee);
    const base = definition && libraryBase(this.#module, definition);
    if (base !== undefined) return { path: `${base.path}()`, creation: node };
    const origin = this.of(callee);
    if (origin === undefined || origin.own === true) {
      const made = madeBy(this.#module, callee, node);
      if (made !== undefined || origin === undefined) return made;
    }
    const first = named(child(node, 'arguments'))[0];
    if (first !== undefined && handsOn.test(origin.path)) return this.of(first);
    if (origin.path === 'functools.partial') {
      const inner = first && this.of(first);
      return inner === undefined ? undefined : { ...inner, partial: node };
    }
    return { path: `${origin.path}()`, creation: node };
  }

  /** `session: requests.Session` is as good as an instance, except that its options are not visible. */
  #annotated(node: PyNode): PyOrigin | undefined {
    const origin = this.#first(named(node).filter((each) => /^(identifier|attribute)$/.test(each.type)));
    return origin === undefined ? undefined : { path: `${origin.path}()` };
  }
}

function isParameter(node: PyNode): boolean {
  return node.type === 'type' || (/(^|_)parameter$/.test(node.parent?.type ?? '') && node.field === 'value');
}

function isAssigned(node: PyNode): boolean {
  return !/^(function_definition|class_definition|type)$/.test(node.type) && !isParameter(node);
}

/** The decorators of a definition. */
export function decoratorsOf(definition: PyNode): readonly PyNode[] {
  const around = definition.parent;
  return around?.type === 'decorated_definition' ? around.children.filter((each) => each.type === 'decorator') : [];
}
