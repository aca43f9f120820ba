import type { Scope } from 'eslint';
import type { TSESTree } from '@typescript-eslint/types';
import { isFunction, keyName, parentOf, stringOf, unwrap, walkOwn } from './ast.js';
import type { CallLike, FunctionNode, Node } from './ast.js';
import type { JavaScriptModule } from './module.js';

/**
 * Where a value comes from, as a path through modules: `axios.create().get`, `@aws-sdk/client-s3.S3Client().send`,
 * `global.fetch`. `()` stands for a call or `new`; `node:` prefixes and `.default` are dropped.
 */
export interface Origin {
  readonly path: string;
  /** The last call of the path: what made the instance, and so where its options are. */
  readonly creation?: CallLike;
  /** The project's module that this is the namespace of. */
  readonly namespace?: JavaScriptModule;
}

/** Calls that hand back their first argument, instrumented. */
const instrumentation = /\.capture(AWS|AWSClient|AWSv3Client|HTTPs|Promise|Mongo|MySQL|Postgres)$/;
const globals = /^global\.(globalThis|window|self|global)(?=\.|$)/;

/**
 * Follows names to where their values come from: imports, requires, renames, instances, class fields, factories, through
 * the modules of the project. Nodes of other modules may be asked about as well.
 */
export class Origins {
  readonly #variables = new Map<Node, Scope.Variable | null>();
  readonly #known = new Map<Node, Origin | undefined>();
  readonly #module: JavaScriptModule;

  constructor(module: JavaScriptModule) {
    this.#module = module;
    for (const scope of module.sourceCode.scopeManager.scopes) {
      for (const reference of scope.references) {
        this.#variables.set(reference.identifier as Node, reference.resolved);
      }
    }
  }

  /** The module that these are the names of. */
  get module(): JavaScriptModule {
    return this.#module;
  }

  /** The variable an identifier refers to; undefined when it is not declared in the file. */
  variable(node: Node): Scope.Variable | undefined {
    const variable = this.#variables.get(node);
    if (variable === undefined) {
      const owner = this.#module.ownerOf(node);
      return owner === this.#module ? undefined : owner.origins.variable(node);
    }
    return variable === null || variable.defs.length === 0 ? undefined : variable;
  }

  of(expression: Node): Origin | undefined {
    const node = unwrap(expression);
    if (this.#known.has(node)) return this.#known.get(node);
    const owner = this.#module.ownerOf(node);
    if (owner !== this.#module) return owner.origins.of(node);
    // Set before following, so that `a = a.b` ends.
    this.#known.set(node, undefined);
    const origin = this.#follow(node);
    this.#known.set(node, origin);
    return origin;
  }

  /** The path of an expression, or an empty text when it is not known. */
  path(expression: Node): string {
    return this.of(expression)?.path ?? '';
  }

  #follow(node: Node): Origin | undefined {
    switch (node.type) {
      case 'Identifier':
        return this.#identifier(node);
      case 'MemberExpression':
        return this.#member(node);
      case 'CallExpression':
      case 'NewExpression':
        return this.#call(node);
      case 'AwaitExpression':
        return this.of(node.argument);
      case 'ImportExpression':
        return this.#imported(stringOf(node.source));
      case 'AssignmentExpression':
        return this.of(node.right);
      case 'LogicalExpression':
        return this.of(node.left) ?? this.of(node.right);
      case 'ConditionalExpression':
        return this.of(node.consequent) ?? this.of(node.alternate);
      default:
        return undefined;
    }
  }

  #identifier(node: TSESTree.Identifier): Origin | undefined {
    const variable = this.variable(node);
    if (variable === undefined) {
      return this.#variables.has(node) ? { path: `global.${node.name}` } : undefined;
    }
    for (const def of variable.defs) {
      const origin = this.#definition(def, variable);
      if (origin !== undefined) return origin;
    }
    return undefined;
  }

  #definition(def: Scope.Definition, variable: Scope.Variable): Origin | undefined {
    const node = def.node as Node;
    switch (node.type) {
      case 'ImportSpecifier':
        return this.#imported(stringOf(node.parent.source), importedName(node));
      case 'ImportDefaultSpecifier':
        return this.#imported(stringOf(node.parent.source), 'default');
      case 'ImportNamespaceSpecifier':
        return this.#imported(stringOf(node.parent.source));
      case 'TSImportEqualsDeclaration':
        return node.moduleReference.type === 'TSExternalModuleReference'
          ? this.#imported(stringOf(node.moduleReference.expression))
          : undefined;
      case 'VariableDeclarator':
        return this.#declarator(node, variable);
      default:
        return def.type === 'Parameter' ? this.#annotated(def.name as Node) : undefined;
    }
  }

  #declarator(node: TSESTree.VariableDeclarator, variable: Scope.Variable): Origin | undefined {
    if (node.id.type === 'ObjectPattern' && node.init) {
      const names = patternPath(node.id, variable.name);
      const from = names === undefined ? undefined : this.of(node.init);
      return from === undefined
        ? undefined
        : (names ?? []).reduce<Origin | undefined>((at, name) => at && this.#memberOf(at, name), from);
    }
    if (node.id.type !== 'Identifier') return undefined;
    if (node.init) {
      const origin = this.of(node.init);
      if (origin !== undefined) return origin;
    }
    for (const reference of variable.references) {
      const origin = reference.isWrite() && reference.writeExpr ? this.of(reference.writeExpr as Node) : undefined;
      if (origin !== undefined) return origin;
    }
    return this.#annotated(node.id);
  }

  /** `client: S3Client` is as good as `new S3Client()`, except that the options are not visible. */
  #annotated(name: Node): Origin | undefined {
    if (name.type !== 'Identifier') return undefined;
    const type = name.typeAnnotation?.typeAnnotation;
    if (type?.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return undefined;
    const origin = this.of(type.typeName);
    return origin === undefined || origin.path.startsWith('global.') ? undefined : { path: `${origin.path}()` };
  }

  #member(node: TSESTree.MemberExpression): Origin | undefined {
    const name = keyName(node);
    if (name === undefined) return undefined;
    if (unwrap(node.object).type === 'ThisExpression') return this.#field(node, name);
    const object = this.of(node.object);
    if (object !== undefined) return this.#memberOf(object, name);
    return this.#first(this.#membersOf(node.object, name));
  }

  #memberOf(object: Origin, name: string): Origin | undefined {
    if (object.namespace === undefined || name === 'default') return join(object, name);
    const value = object.namespace.exported(name);
    return (value && this.of(value)) ?? join({ path: object.path }, name);
  }

  #first(values: readonly Node[]): Origin | undefined {
    for (const value of values) {
      const origin = value.type === 'Identifier' && value.parent === undefined ? undefined : this.of(value);
      if (origin !== undefined) return origin;
    }
    return undefined;
  }

  /** A module as a value, or one of its exports. */
  #imported(specifier: string | undefined, name?: string): Origin | undefined {
    const target = specifier === undefined ? undefined : this.#module.imported(specifier);
    if (target === undefined || specifier === undefined) return moduleOrigin(specifier, name);
    const value = name === undefined ? undefined : target.exported(name);
    const origin = value && this.of(value);
    if (origin !== undefined) return origin;
    // `require()` and default imports of CommonJS give what the module exports as a whole.
    const whole = name === undefined ? target.exported('default') : undefined;
    const made = whole && this.of(whole);
    if (made !== undefined) return made;
    const named = moduleOrigin(specifier, name);
    return named && (name === undefined || name === 'default') ? { path: named.path, namespace: target } : named;
  }

  /**
   * The expression that a name stands for: through constants, imports, members of object literals, of namespaces and of
   * instances of the project's classes. A function, a class, an object literal, a call, … or the name itself.
   */
  valueOf(expression: Node, depth = 0): Node {
    const node = unwrap(expression);
    if (depth > 12) return node;
    if (node.type === 'Identifier') {
      const value = this.#definedAs(node);
      return value === undefined || value === node ? node : this.valueOf(value, depth + 1);
    }
    if (node.type === 'AwaitExpression') return this.valueOf(node.argument, depth + 1);
    if (node.type === 'CallExpression') {
      const whole = this.#required(node);
      return whole === undefined ? node : this.valueOf(whole, depth + 1);
    }
    if (node.type !== 'MemberExpression') return node;
    const name = keyName(node);
    const value = name === undefined ? undefined : this.#membersOf(node.object, name, depth + 1)[0];
    return value === undefined ? node : this.valueOf(value, depth + 1);
  }

  /** What `require('./file')` gives: a function or a class that is all that the file exports. */
  #required(node: TSESTree.CallExpression): Node | undefined {
    const callee = unwrap(node.callee);
    if (callee.type !== 'Identifier' || callee.name !== 'require' || this.variable(callee) !== undefined)
      return undefined;
    const specifier = stringOf(node.arguments[0]);
    const whole =
      specifier === undefined ? undefined : this.#module.ownerOf(node).imported(specifier)?.exported('default');
    const value = whole && unwrap(whole);
    return value?.type === 'ObjectExpression' ? undefined : value;
  }

  /** What the file says an identifier is, in one step. */
  #definedAs(node: Node): Node | undefined {
    const variable = this.variable(node);
    const def = variable?.defs[0];
    // The node of a parameter's definition is its function.
    const place = def?.type === 'Parameter' ? undefined : (def?.node as Node | undefined);
    switch (place?.type) {
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return place;
      case 'VariableDeclarator':
        return this.#declaredAs(place, variable);
      case 'ImportSpecifier':
        return this.#exportOf(place, importedName(place));
      case 'ImportDefaultSpecifier':
        return this.#exportOf(place, 'default');
      default:
        return undefined;
    }
  }

  #exportOf(specifier: TSESTree.ImportClause, name: string): Node | undefined {
    const source = (specifier.parent as TSESTree.ImportDeclaration).source;
    return this.#module.ownerOf(specifier).imported(source.value)?.exported(name);
  }

  /** A variable that is assigned once, with its declaration. */
  #declaredAs(place: TSESTree.VariableDeclarator, variable: Scope.Variable | undefined): Node | undefined {
    const writes = variable?.references.filter((each) => each.isWrite()) ?? [];
    const [only] = writes;
    if (writes.length !== 1 || !only?.writeExpr) return undefined;
    if (place.id.type === 'Identifier') return only.writeExpr as Node;
    const names = place.id.type === 'ObjectPattern' ? patternPath(place.id, variable?.name ?? '') : undefined;
    if (names === undefined || place.init === null) return undefined;
    let values: Node[] = [place.init];
    for (const name of names) values = values.flatMap((each) => this.#membersOf(each, name));
    return values[0];
  }

  /** The values of a member of something that the project makes itself. */
  #membersOf(object: Node, name: string, depth = 0): Node[] {
    if (unwrap(object).type === 'ThisExpression') return memberValues(classBodyAround(object), name);
    const value = depth > 12 ? object : this.valueOf(object, depth + 1);
    if (value.type === 'ObjectExpression') return propertyValues(value, name);
    if (value.type === 'NewExpression') {
      const made = this.valueOf(value.callee, depth + 1);
      return made.type === 'ClassDeclaration' || made.type === 'ClassExpression' ? memberValues(made.body, name) : [];
    }
    if (value.type === 'ClassDeclaration') return memberValues(value.body, name);
    const from = value.type === 'Identifier' || value.type === 'CallExpression' ? this.of(value)?.namespace : undefined;
    const exported = from?.exported(name);
    return exported === undefined ? [] : [exported];
  }

  #field(node: Node, name: string): Origin | undefined {
    const body = classBodyAround(node);
    return body === undefined ? undefined : this.#first(fieldValues(body, name));
  }

  #call(node: CallLike): Origin | undefined {
    const callee = unwrap(node.callee);
    const first = node.arguments[0];
    if (callee.type === 'Identifier' && callee.name === 'require' && this.variable(callee) === undefined) {
      return this.#imported(stringOf(first));
    }
    const origin = this.of(callee);
    if (origin === undefined || origin.path.startsWith('./')) {
      const made = this.#factory(callee, node);
      if (made !== undefined || origin === undefined) return made;
    }
    if (first !== undefined && instrumentation.test(origin.path)) return this.of(first);
    return { path: `${origin.path}()`, creation: node };
  }

  /** A function of the project that makes and returns a client, or hands on what it was given. */
  #factory(callee: Node, call: CallLike): Origin | undefined {
    const made = this.functionOf(callee);
    if (made === undefined) return undefined;
    if (made.body.type !== 'BlockStatement') return this.#returned(made, made.body, call);
    let origin: Origin | undefined;
    walkOwn(made, (node) => {
      if (node.type === 'ReturnStatement' && node.argument) origin ??= this.#returned(made, node.argument, call);
      return undefined;
    });
    return origin;
  }

  #returned(made: FunctionNode, value: Node, call: CallLike): Origin | undefined {
    const node = unwrap(value);
    const index = made.params.findIndex(
      (each) => each.type === 'Identifier' && node.type === 'Identifier' && each.name === node.name,
    );
    const given = index === -1 ? undefined : call.arguments[index];
    // What a client answers is no client: `return client.send()` makes nothing.
    if (given !== undefined) return this.of(given);
    const origin = this.of(node);
    return origin?.creation !== undefined && isMade(origin) ? origin : undefined;
  }

  /** The function of the project that an expression names, or that it is: a method and an import as well. */
  functionOf(expression: Node): FunctionNode | undefined {
    const value = this.valueOf(expression);
    return isFunction(value) ? value : undefined;
  }
}

function moduleOrigin(name: string | undefined, member?: string): Origin | undefined {
  if (name === undefined) return undefined;
  const path = name.replace(/^node:/, '').replace(/^\.{1,2}\//, './');
  return member === undefined ? { path: normal(path) } : join({ path }, member);
}

function join(origin: Origin, name: string): Origin {
  if (name === 'default') return origin;
  const path = normal(`${origin.path}.${name}`);
  return origin.creation === undefined ? { path } : { path, creation: origin.creation };
}

function normal(path: string): string {
  return path
    .replace(globals, 'global')
    .replace(/^fs\.promises(?=\.|$)/, 'fs/promises')
    .replace(/^timers\.promises(?=\.|$)/, 'timers/promises')
    .replace(/^follow-redirects\.(https?)(?=\.|$)/, '$1');
}

function importedName(node: TSESTree.ImportSpecifier): string {
  return node.imported.type === 'Identifier' ? node.imported.name : String(node.imported.value);
}

/** The way from a destructured value to one of its names: `{ a: { b: c } }` gives `['a', 'b']` for `c`. */
function patternPath(pattern: TSESTree.ObjectPattern, name: string): string[] | undefined {
  for (const property of pattern.properties) {
    if (property.type !== 'Property') continue;
    const key = keyName(property);
    const value = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
    if (key === undefined) continue;
    if (value.type === 'Identifier' && value.name === name) return [key];
    const deeper = value.type === 'ObjectPattern' ? patternPath(value, name) : undefined;
    if (deeper !== undefined) return [key, ...deeper];
  }
  return undefined;
}

/** True for an instance that a call made, not for what was asked of it: the path has no call after the creation. */
function isMade(origin: Origin): boolean {
  return (
    /(^|[./])[\w$-]+\(\)(\.[\w$]+)*$/.test(origin.path) &&
    !/\(\).*\.(send|query|get|put|post|request|promise)\(\)$/.test(origin.path)
  );
}

function classBodyAround(node: Node): TSESTree.ClassBody | undefined {
  let at: Node | undefined = node;
  while (at !== undefined && at.type !== 'ClassBody') at = parentOf(at);
  return at;
}

function propertyValues(object: TSESTree.ObjectExpression, name: string): Node[] {
  return object.properties.flatMap((each) => (each.type === 'Property' && keyName(each) === name ? [each.value] : []));
}

/** Methods and fields of a class. */
function memberValues(body: TSESTree.ClassBody | undefined, name: string): Node[] {
  if (body === undefined) return [];
  const methods = body.body.flatMap((each) =>
    each.type === 'MethodDefinition' &&
    each.key.type === 'Identifier' &&
    each.key.name === name &&
    isFunction(each.value)
      ? [each.value]
      : [],
  );
  return [...methods, ...fieldValues(body, name)];
}

/** What a class assigns to one of its fields. */
function fieldValues(body: Node, name: string): Node[] {
  const values: Node[] = [];
  walkClass(body, (node) => {
    if (node.type === 'PropertyDefinition' && node.value && node.key.type === 'Identifier' && node.key.name === name) {
      values.push(node.value);
    }
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return;
    if (node.left.object.type === 'ThisExpression' && keyName(node.left) === name) values.push(node.right);
  });
  return values;
}

function walkClass(body: Node, visit: (node: Node) => void): void {
  if (body.type !== 'ClassBody') return;
  for (const member of body.body) {
    visit(member);
    if (member.type !== 'MethodDefinition' || !member.value.body) continue;
    walkOwn(member.value, (node) => {
      visit(node);
      return undefined;
    });
  }
}
