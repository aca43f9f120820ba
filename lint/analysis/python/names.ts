import { ancestor, child, childOfType, named, walkPython } from './tree.js';
import type { PyNode } from './tree.js';

/** `import a.b as c` is the module `a.b`; `from a import b` its member `b`, or its module `a.b`. */
export interface PyImport {
  readonly module: string;
  readonly member?: string;
}

type Scope = Map<string, PyNode[]>;

/** A value that is there, but that nothing shows: a parameter, what a loop runs over. */
const hidden: PyNode[] = [];

/** What one file gives names: imports, assignments, definitions, parameters, `with … as`, and fields of `self`. */
export class PyNames {
  readonly imports = new Map<string, PyImport>();
  /** Modules that the file imports everything of. */
  readonly stars: string[] = [];
  readonly #root: PyNode;
  readonly #text: string;
  readonly #scopes = new Map<PyNode, Scope>();
  readonly #fields = new Map<PyNode, Scope>();
  /** The names that a function takes from the module instead of making its own. */
  readonly #globals = new Map<PyNode, Set<string>>();

  constructor(root: PyNode, text: string) {
    this.#root = root;
    this.#text = text;
    walkPython(root, (node) => {
      if (node.type === 'global_statement') this.#global(node);
      return undefined;
    });
    walkPython(root, (node) => this.#collect(node));
  }

  /**
   * Everything that the nearest scope gives a name, a parameter's default and type included; none where nothing shows
   * it, undefined where the name is not of this file.
   */
  values(node: PyNode): readonly PyNode[] | undefined {
    const name = this.#of(node);
    const first = scopeAround(node);
    for (let at = first; at !== undefined; at = scopeAround(at)) {
      // What a class assigns is no name in its methods.
      if (at.type === 'class_definition' && at !== first) continue;
      const values = this.#scopes.get(at)?.get(name);
      if (values !== undefined) return values;
    }
    return undefined;
  }

  /** What the top of the file gives a name. */
  top(name: string): readonly PyNode[] | undefined {
    return this.#scopes.get(this.#root)?.get(name);
  }

  /** What a class, without those it inherits from, gives a member: fields, methods, attributes of the class. */
  members(definition: PyNode, name: string): readonly PyNode[] {
    return [...(this.#fields.get(definition)?.get(name) ?? []), ...(this.#scopes.get(definition)?.get(name) ?? [])];
  }

  #of(node: PyNode | undefined): string {
    return node === undefined ? '' : this.#text.slice(node.start, node.end);
  }

  #global(node: PyNode): void {
    const owner = scopeAround(node);
    if (owner === undefined) return;
    const names = this.#globals.get(owner) ?? new Set();
    this.#globals.set(owner, names);
    for (const each of named(node)) names.add(this.#of(each));
  }

  #collect(node: PyNode): undefined {
    switch (node.type) {
      case 'import_statement':
        return this.#import(node);
      case 'import_from_statement':
        return this.#importFrom(node);
      case 'assignment':
        return this.#assign(child(node, 'left'), child(node, 'right'), node);
      case 'named_expression':
        return this.#assign(child(node, 'name'), child(node, 'value'), node);
      case 'as_pattern':
        if (node.parent?.type !== 'with_item') return undefined;
        return this.#assign(child(node, 'alias')?.children[0], node.children[0], node);
      case 'function_definition':
      case 'class_definition':
        return this.#assign(child(node, 'name'), node, node);
      case 'for_statement':
        return this.#hide(child(node, 'left'), node);
      case 'parameters':
        return this.#parameters(node);
      default:
        return undefined;
    }
  }

  #import(node: PyNode): undefined {
    for (const each of named(node)) {
      const name = this.#of(each.type === 'aliased_import' ? child(each, 'name') : each);
      const head = name.split('.')[0] ?? name;
      if (each.type === 'aliased_import') this.imports.set(this.#of(child(each, 'alias')), { module: name });
      else this.imports.set(head, { module: head });
    }
    return undefined;
  }

  #importFrom(node: PyNode): undefined {
    const module = this.#of(child(node, 'module_name')).replace(/\s+/g, '');
    if (childOfType(node, 'wildcard_import') !== undefined) this.stars.push(module);
    for (const each of node.children.filter((one) => one.field === 'name')) {
      const renamed = each.type === 'aliased_import';
      const member = this.#of(renamed ? child(each, 'name') : each);
      this.imports.set(renamed ? this.#of(child(each, 'alias')) : member, { module, member });
    }
    return undefined;
  }

  #assign(target: PyNode | undefined, value: PyNode | undefined, place: PyNode): undefined {
    if (target === undefined || value === undefined) return undefined;
    if (target.type === 'identifier') {
      push(scopeOf(this.#scopes, this.#owner(place, this.#of(target))), this.#of(target), value);
    } else if (/^(pattern_list|tuple_pattern)$/.test(target.type)) {
      const targets = named(target);
      const values = /^(expression_list|tuple)$/.test(value.type) ? named(value) : [];
      for (const [index, each] of targets.entries()) {
        if (values.length === targets.length) this.#assign(each, values[index], place);
        else this.#hide(each, place);
      }
    } else if (target.type === 'attribute') this.#field(target, value, place);
    return undefined;
  }

  #field(target: PyNode, value: PyNode, place: PyNode): void {
    const object = child(target, 'object');
    if (object?.type !== 'identifier' || !/^(self|cls)$/.test(this.#of(object))) return;
    const owner = ancestor(place, 'class_definition');
    if (owner !== undefined) push(scopeOf(this.#fields, owner), this.#of(child(target, 'attribute')), value);
  }

  #hide(target: PyNode | undefined, place: PyNode): undefined {
    if (target?.type !== 'identifier') return undefined;
    const scope = scopeOf(this.#scopes, this.#owner(place, this.#of(target)));
    if (!scope.has(this.#of(target))) scope.set(this.#of(target), hidden);
    return undefined;
  }

  #parameters(node: PyNode): undefined {
    const owner = node.parent;
    if (owner === undefined) return undefined;
    const scope = scopeOf(this.#scopes, owner);
    for (const each of named(node)) {
      const name = each.type === 'identifier' ? each : (child(each, 'name') ?? named(each)[0]);
      if (name?.type !== 'identifier') continue;
      const shown = [child(each, 'value'), child(each, 'type')].filter((one) => one !== undefined);
      scope.set(this.#of(name), shown.length === 0 ? hidden : shown);
    }
    return undefined;
  }

  /** The scope that an assignment of a name goes to. */
  #owner(node: PyNode, name: string): PyNode {
    const owner = scopeAround(node) ?? this.#root;
    return this.#globals.get(owner)?.has(name) === true ? this.#root : owner;
  }
}

/** The function, the class or the module that a node stands in. */
function scopeAround(node: PyNode): PyNode | undefined {
  let at = node.parent;
  while (at !== undefined && !/^(function_definition|class_definition|module)$/.test(at.type)) at = at.parent;
  return at;
}

function scopeOf(scopes: Map<PyNode, Scope>, owner: PyNode): Scope {
  const known = scopes.get(owner) ?? new Map<string, PyNode[]>();
  scopes.set(owner, known);
  return known;
}

function push(scope: Scope, name: string, value: PyNode): void {
  scope.set(name, [...(scope.get(name) ?? []), value]);
}
