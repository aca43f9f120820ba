import type { Scope, SourceCode } from 'eslint';
import type { TSESTree } from '@typescript-eslint/types';
import { isFunction, keyName, parentOf, stringOf, unwrap, walkOwn } from './ast.js';
import type { CallLike, FunctionNode, Node } from './ast.js';

/**
 * Where a value comes from, as a path through modules: `axios.create().get`, `@aws-sdk/client-s3.S3Client().send`,
 * `global.fetch`. `()` stands for a call or `new`; `node:` prefixes and `.default` are dropped.
 */
export interface Origin {
  readonly path: string;
  /** The last call of the path: what made the instance, and so where its options are. */
  readonly creation?: CallLike;
}

/** Calls that hand back their first argument, instrumented. */
const instrumentation = /\.capture(AWS|AWSClient|AWSv3Client|HTTPs|Promise|Mongo|MySQL|Postgres)$/;
const globals = /^global\.(globalThis|window|self|global)(?=\.|$)/;

/** Follows names to where their values come from: imports, requires, renames, instances and class fields. */
export class Origins {
  readonly #variables = new Map<Node, Scope.Variable | null>();
  readonly #known = new Map<Node, Origin | undefined>();

  constructor(sourceCode: SourceCode) {
    for (const scope of sourceCode.scopeManager.scopes) {
      for (const reference of scope.references) {
        this.#variables.set(reference.identifier as Node, reference.resolved);
      }
    }
  }

  /** The variable an identifier refers to; undefined when it is not declared in the file. */
  variable(node: Node): Scope.Variable | undefined {
    const variable = this.#variables.get(node);
    return variable === undefined || variable === null || variable.defs.length === 0 ? undefined : variable;
  }

  of(expression: Node): Origin | undefined {
    const node = unwrap(expression);
    if (this.#known.has(node)) return this.#known.get(node);
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
        return moduleOrigin(stringOf(node.source));
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
        return moduleOrigin(stringOf(node.parent.source), importedName(node));
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
        return moduleOrigin(stringOf(node.parent.source));
      case 'TSImportEqualsDeclaration':
        return node.moduleReference.type === 'TSExternalModuleReference'
          ? moduleOrigin(stringOf(node.moduleReference.expression))
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
      return from === undefined ? undefined : (names ?? []).reduce<Origin>(join, from);
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
    return object === undefined ? undefined : join(object, name);
  }

  #field(node: Node, name: string): Origin | undefined {
    let at = parentOf(node);
    while (at !== undefined && at.type !== 'ClassBody') at = parentOf(at);
    if (at === undefined) return undefined;
    for (const value of fieldValues(at, name)) {
      const origin = value.type === 'Identifier' && value.parent === undefined ? undefined : this.of(value);
      if (origin !== undefined) return origin;
    }
    return undefined;
  }

  #call(node: CallLike): Origin | undefined {
    const callee = unwrap(node.callee);
    const first = node.arguments[0];
    if (callee.type === 'Identifier' && callee.name === 'require' && this.variable(callee) === undefined) {
      return moduleOrigin(stringOf(first));
    }
    const origin = this.of(callee);
    if (origin === undefined) return this.#factory(callee);
    if (first !== undefined && instrumentation.test(origin.path)) return this.of(first);
    return { path: `${origin.path}()`, creation: node };
  }

  /** A function of this file that only makes and returns a client. */
  #factory(callee: Node): Origin | undefined {
    const made = this.functionOf(callee);
    if (made === undefined || made.params.length > 0) return undefined;
    if (made.body.type !== 'BlockStatement') return this.of(made.body);
    let origin: Origin | undefined;
    walkOwn(made, (node) => {
      if (node.type === 'ReturnStatement' && node.argument) origin ??= this.of(node.argument);
      return undefined;
    });
    return origin;
  }

  /** The function of this file that an expression names, or that it is. */
  functionOf(expression: Node): FunctionNode | undefined {
    const node = unwrap(expression);
    if (isFunction(node)) return node;
    if (node.type !== 'Identifier') return undefined;
    for (const def of this.variable(node)?.defs ?? []) {
      const place = def.node as Node;
      if (place.type === 'FunctionDeclaration') return place;
      if (place.type === 'VariableDeclarator' && place.id.type === 'Identifier' && place.init) {
        const init = unwrap(place.init);
        if (isFunction(init)) return init;
      }
    }
    return undefined;
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
