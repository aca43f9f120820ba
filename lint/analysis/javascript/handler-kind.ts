import type { HandlerKind } from '../../deployment.js';
import { keyKinds, recordKinds, typeKinds, weakHttpKeys } from '../../knowledge/handlers.js';
import { answersOf } from './answers.js';
import { keyName, parentOf, unwrap, walk } from './ast.js';
import type { FunctionNode, Node } from './ast.js';
import type { JavaScriptModule } from './module.js';

/** What the type annotations of a handler say of who calls it; the project's own aliases are looked up. */
export function kindOfTypes(module: JavaScriptModule, types: string): HandlerKind | undefined {
  if (types === '') return undefined;
  const text = `${types} ${aliasesIn(module, types)}`;
  const kind = typeKinds.find(([pattern]) => pattern.test(text))?.[1];
  if (kind !== undefined) return kind;
  // Netlify's handler is called `Handler`, as is Lambda's, which says nothing.
  return /\bHandler\b/.test(types) && /['"]@netlify\/functions['"]/.test(module.sourceCode.text) ? 'http' : undefined;
}

function aliasesIn(module: JavaScriptModule, types: string): string {
  const texts: string[] = [];
  for (const statement of module.program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declared?.type !== 'TSTypeAliasDeclaration' && declared?.type !== 'TSInterfaceDeclaration') continue;
    if (!new RegExp(`\\b${declared.id.name.replaceAll('$', '\\$')}\\b`).test(types)) continue;
    texts.push(
      declared.type === 'TSTypeAliasDeclaration'
        ? module.text(declared.typeAnnotation)
        : declared.extends.map((each) => module.text(each)).join(' '),
    );
  }
  return texts.join(' ');
}

/** Who calls a handler, by what it reads of its event, and by what it answers. */
export function kindOfEvent(module: JavaScriptModule, fn: FunctionNode): HandlerKind {
  const keys = new Set<string>();
  const records = new Set<string>();
  readKeys(module, fn, fn.params[0], keys, records, 0);
  const kinds = new Set([...keys].flatMap((key) => keyKinds.get(key) ?? []));
  if (keys.has('Records') || keys.has('records')) {
    // One function for several sources decides by itself.
    if (kinds.has('http')) return 'unknown';
    if (keys.has('Records'))
      return recordKinds.find(([pattern]) => [...records].some((key) => pattern.test(key)))?.[1] ?? 'event';
  }
  const answers = answersOf(module, fn);
  const [only] = kinds;
  if (kinds.size === 1 && only !== undefined) return only;
  if (kinds.size > 1) return kinds.has('http') && answers.length > 0 ? 'http' : 'unknown';
  if (answers.length > 0) return 'http';
  if (!keys.has('body')) return 'unknown';
  // Nobody but a gateway sends a body that is text.
  const text = /JSON\.parse\(\s*\w+\.body\b/.test(module.text(fn));
  return text || [...keys].some((key) => key !== 'body' && weakHttpKeys.has(key)) ? 'http' : 'unknown';
}

/** The keys of an event that a function and the helpers it hands the event to read, and those of its records. */
function readKeys(
  module: JavaScriptModule,
  fn: FunctionNode,
  parameter: Node | undefined,
  keys: Set<string>,
  records: Set<string>,
  depth: number,
): void {
  const event = parameter?.type === 'AssignmentPattern' ? parameter.left : parameter;
  const add = (key: string): void => {
    if (key === 'Records') for (const each of namesIn(module, fn)) records.add(each);
    keys.add(key);
  };
  if (event?.type === 'ObjectPattern') patternKeys(event).forEach(add);
  if (event?.type !== 'Identifier') return;
  const variable = module
    .ownerOf(fn)
    .sourceCode.scopeManager.getDeclaredVariables(fn as never)
    .find((each) => each.name === event.name);
  for (const reference of variable?.references ?? []) {
    const use = reference.identifier as Node;
    let parent = parentOf(use);
    while (parent !== undefined && unwrap(parent) === use) parent = parentOf(parent);
    if (parent?.type === 'MemberExpression' && unwrap(parent.object) === use) add(keyName(parent) ?? '');
    if (parent?.type === 'VariableDeclarator' && parent.id.type === 'ObjectPattern')
      patternKeys(parent.id).forEach(add);
    if (parent?.type !== 'CallExpression' || depth > 1) continue;
    const index = parent.arguments.findIndex((each) => unwrap(each) === use);
    const helper = index === -1 ? undefined : module.origins.functionOf(parent.callee);
    if (helper !== undefined) readKeys(module, helper, helper.params[index], keys, records, depth + 1);
  }
}

/** All member names that a function reads, and those of the functions of its file that it calls. */
function namesIn(module: JavaScriptModule, fn: FunctionNode): Set<string> {
  const names = new Set<string>();
  const visit = (root: FunctionNode, depth: number): void => {
    walk(root, (node) => {
      if (node.type === 'MemberExpression') names.add(keyName(node) ?? '');
      if (node.type === 'ObjectPattern') patternKeys(node).forEach((each) => names.add(each));
      if (depth < 1 && (node.type === 'CallExpression' || node.type === 'Identifier')) {
        const called = node.type === 'CallExpression' ? node.callee : passed(node);
        const helper = called === undefined ? undefined : module.origins.functionOf(called);
        if (helper !== undefined && helper !== root) visit(helper, depth + 1);
      }
      return undefined;
    });
  };
  visit(fn, 0);
  return names;
}

/** `event.Records.map(handleRecord)`. */
function passed(node: Node): Node | undefined {
  const call = parentOf(node);
  return call?.type === 'CallExpression' && call.arguments.some((each) => each === node) ? node : undefined;
}

function patternKeys(pattern: Extract<Node, { type: 'ObjectPattern' }>): string[] {
  return pattern.properties.flatMap((each) => (each.type === 'Property' ? [keyName(each) ?? ''] : []));
}
