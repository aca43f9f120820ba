import { ancestor, child, childOfType, named, walkPython } from './tree.js';
import type { PyNode } from './tree.js';

/** Where a Python value comes from: `requests.Session().get`, with the call that made the instance. */
export interface PyOrigin {
  readonly path: string;
  readonly creation?: PyNode;
}

type Scope = Map<string, PyNode[]>;

/** Follows Python names through imports, assignments, `with … as`, and `self.x` to where their values come from. */
export class PyOrigins {
  readonly #text: string;
  readonly #imports = new Map<string, string>();
  /** What each function (or the module) assigns to a name; an empty list is a parameter. */
  readonly #scopes = new Map<PyNode, Scope>();
  readonly #fields = new Map<PyNode, Scope>();
  readonly #known = new Map<PyNode, PyOrigin | undefined>();
  readonly #root: PyNode;
  #functions: Map<string, PyNode> | undefined;

  constructor(root: PyNode, text: string) {
    this.#root = root;
    this.#text = text;
    walkPython(root, (node) => this.#collect(node));
  }

  text(node: PyNode): string {
    return this.#text.slice(node.start, node.end);
  }

  path(node: PyNode | undefined): string {
    return node === undefined ? '' : (this.of(node)?.path ?? '');
  }

  of(node: PyNode): PyOrigin | undefined {
    if (this.#known.has(node)) return this.#known.get(node);
    // Set before following, so that `a = a.b` ends.
    this.#known.set(node, undefined);
    const origin = this.#follow(node);
    this.#known.set(node, origin);
    return origin;
  }

  /** The first value that the nearest scope assigns to a name. */
  assigned(node: PyNode): PyNode | undefined {
    return this.allAssigned(node)[0];
  }

  /** Every value that the nearest scope assigns to a name. */
  allAssigned(node: PyNode): readonly PyNode[] {
    return node.type === 'identifier' ? (this.#values(node) ?? []) : [];
  }

  #collect(node: PyNode): undefined {
    if (node.type === 'import_statement') this.#import(node);
    else if (node.type === 'import_from_statement') this.#importFrom(node);
    else if (node.type === 'assignment') this.#assign(child(node, 'left'), child(node, 'right'), node);
    else if (node.type === 'named_expression') this.#assign(child(node, 'name'), child(node, 'value'), node);
    else if (node.type === 'as_pattern' && node.parent?.type === 'with_item') {
      this.#assign(child(node, 'alias')?.children[0], node.children[0], node);
    } else if (node.type === 'parameters') this.#parameters(node);
    return undefined;
  }

  #import(node: PyNode): void {
    for (const each of named(node)) {
      if (each.type === 'aliased_import') {
        this.#imports.set(this.#textOf(child(each, 'alias')), this.#textOf(child(each, 'name')));
      } else {
        const name = this.text(each);
        const head = name.split('.')[0] ?? name;
        this.#imports.set(head, head);
      }
    }
  }

  #importFrom(node: PyNode): void {
    const from = this.#textOf(child(node, 'module_name'));
    for (const each of node.children.filter((one) => one.field === 'name')) {
      const alias = each.type === 'aliased_import' ? child(each, 'alias') : each;
      const name = each.type === 'aliased_import' ? child(each, 'name') : each;
      this.#imports.set(this.#textOf(alias), `${from}.${this.#textOf(name)}`);
    }
  }

  #assign(target: PyNode | undefined, value: PyNode | undefined, place: PyNode): void {
    if (target === undefined) return;
    if (target.type === 'identifier' && value !== undefined) {
      push(scopeOf(this.#scopes, this.#owner(place)), this.text(target), value);
    }
    const object = target.type === 'attribute' ? child(target, 'object') : undefined;
    if (object?.type !== 'identifier' || this.text(object) !== 'self' || value === undefined) return;
    const owner = ancestor(place, 'class_definition');
    if (owner !== undefined) push(scopeOf(this.#fields, owner), this.#textOf(child(target, 'attribute')), value);
  }

  #parameters(node: PyNode): void {
    const owner = node.parent;
    if (owner === undefined) return;
    const scope = scopeOf(this.#scopes, owner);
    for (const each of named(node)) {
      const name = each.type === 'identifier' ? each : (child(each, 'name') ?? named(each)[0]);
      if (name?.type === 'identifier') scope.set(this.text(name), []);
    }
  }

  #owner(node: PyNode): PyNode {
    for (let at = node.parent; at !== undefined; at = at.parent) {
      if (at.type === 'function_definition' || at.type === 'class_definition') return at;
    }
    return this.#root;
  }

  #values(node: PyNode): PyNode[] | undefined {
    const name = this.text(node);
    for (
      let at: PyNode | undefined = this.#owner(node);
      at !== undefined;
      at = at === this.#root ? undefined : this.#owner(at)
    ) {
      const values = this.#scopes.get(at)?.get(name);
      if (values !== undefined) return values;
    }
    return undefined;
  }

  #follow(node: PyNode): PyOrigin | undefined {
    switch (node.type) {
      case 'identifier':
        return this.#identifier(node);
      case 'attribute':
        return this.#attribute(node);
      case 'call': {
        const origin = this.of(child(node, 'function') ?? node);
        return origin === undefined
          ? this.#factory(child(node, 'function'))
          : { path: `${origin.path}()`, creation: node };
      }
      case 'await':
      case 'parenthesized_expression': {
        const inner = named(node)[0];
        return inner === undefined ? undefined : this.of(inner);
      }
      case 'boolean_operator':
        return this.#first(node.children.filter((each) => each.named));
      default:
        return undefined;
    }
  }

  #identifier(node: PyNode): PyOrigin | undefined {
    const values = this.#values(node);
    if (values !== undefined) {
      const found = this.#first(values);
      if (found !== undefined || values.length === 0 || values.every((each) => each.type !== 'none')) return found;
    }
    const imported = this.#imports.get(this.text(node));
    return imported === undefined ? undefined : { path: imported };
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
    const name = this.#textOf(child(node, 'attribute'));
    if (object === undefined) return undefined;
    if (object.type === 'identifier' && this.text(object) === 'self') {
      const owner = ancestor(node, 'class_definition');
      const fields = owner === undefined ? undefined : this.#fields.get(owner)?.get(name);
      const assigned = owner === undefined ? undefined : this.#scopes.get(owner)?.get(name);
      return this.#first([...(fields ?? []), ...(assigned ?? [])]);
    }
    const origin = this.of(object);
    if (origin === undefined) return undefined;
    const path = `${origin.path}.${name}`;
    return origin.creation === undefined ? { path } : { path, creation: origin.creation };
  }

  /** A function of this file that takes nothing and returns a client. */
  #factory(callee: PyNode | undefined): PyOrigin | undefined {
    const definition = callee?.type === 'identifier' ? this.functionNamed(this.text(callee)) : undefined;
    if (definition === undefined || named(child(definition, 'parameters')).length > 0) return undefined;
    let origin: PyOrigin | undefined;
    walkPython(definition, (node) => {
      const value = node.type === 'return_statement' ? named(node)[0] : undefined;
      if (value !== undefined) origin ??= this.of(value);
      return origin === undefined;
    });
    return origin;
  }

  /** A function defined at the top of the file. */
  functionNamed(name: string): PyNode | undefined {
    this.#functions ??= this.#topFunctions();
    return this.#functions.get(name);
  }

  #topFunctions(): Map<string, PyNode> {
    const functions = new Map<string, PyNode>();
    for (const statement of this.#root.children) {
      const each =
        statement.type === 'decorated_definition' ? childOfType(statement, 'function_definition') : statement;
      if (each?.type === 'function_definition') functions.set(this.#textOf(child(each, 'name')), each);
    }
    return functions;
  }

  #textOf(node: PyNode | undefined): string {
    return node === undefined ? '' : this.text(node);
  }
}

function scopeOf(scopes: Map<PyNode, Scope>, owner: PyNode): Scope {
  const known = scopes.get(owner) ?? new Map<string, PyNode[]>();
  scopes.set(owner, known);
  return known;
}

function push(scope: Scope, name: string, value: PyNode): void {
  scope.set(name, [...(scope.get(name) ?? []), value]);
}
