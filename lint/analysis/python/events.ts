import type { HandlerKind } from '../../deployment.js';
import { httpKeys } from '../../knowledge/handlers.js';
import { invokeKeys, pythonEventTypes, pythonHttpKeys, singleEventKeys } from '../../knowledge/python-handlers.js';
import { stringValue } from './calls.js';
import { answersHttp, answersPolicy } from './http.js';
import type { PythonModule } from './module.js';
import { child, named, walkPython } from './tree.js';
import type { PyNode } from './tree.js';

/** Who calls a handler, as its type hints, decorators, the keys it reads and its answers show. */
export function kindInCode(module: PythonModule, fn: PyNode, event: string): HandlerKind {
  const typed = kindOfTypes(module, fn);
  if (typed !== undefined) return typed;
  if (answersPolicy(module, fn)) return 'invoke';
  const keys = event === '' ? undefined : new EventKeys(module).of(fn, event);
  const read = keys && kindOfKeys(keys);
  return read ?? (answersHttp(module, fn, (keys?.direct.size ?? 0) > 0) ? 'http' : 'unknown');
}

/** `event: SQSEvent`, `@event_source(data_class=APIGatewayProxyEvent)`. */
function kindOfTypes(module: PythonModule, fn: PyNode): HandlerKind | undefined {
  const hints = named(child(fn, 'parameters')).map((each) => module.text(child(each, 'type')));
  const decorators =
    fn.parent?.type === 'decorated_definition'
      ? fn.parent.children.filter((each) => each.type === 'decorator').map((each) => module.text(each))
      : [];
  const text = [...hints, ...decorators, module.text(child(fn, 'return_type'))].join(' ');
  return pythonEventTypes.find(([pattern]) => pattern.test(text))?.[1];
}

function kindOfKeys(keys: Keys): HandlerKind | undefined {
  const batch = /process_partial_response|BatchProcessor|sqs_batch_processor/;
  if (keys.calls.some((each) => batch.test(each))) return 'queue';
  if (keys.direct.has('Records')) return kindOfRecords(keys.inner);
  // Kafka's records; Firehose waits for what it is to store.
  if (keys.direct.has('records')) return keys.inner.has('recordId') || !keys.inner.has('value') ? 'invoke' : 'stream';
  if ([...keys.direct].some((key) => invokeKeys.has(key))) return 'invoke';
  for (const [key, kind] of singleEventKeys) if (keys.direct.has(key)) return kind;
  if ([...keys.direct].some((key) => httpKeys.has(key) || pythonHttpKeys.has(key))) return 'http';
  return keys.inner.has('aws.events') ? 'schedule' : undefined;
}

function kindOfRecords(inner: ReadonlySet<string>): HandlerKind {
  if (['kinesis', 'dynamodb', 'NewImage', 'OldImage'].some((key) => inner.has(key))) return 'stream';
  if (['s3', 'Sns', 'ses', 'cf'].some((key) => inner.has(key))) return 'event';
  if (['body', 'messageId', 'receiptHandle', 'messageAttributes'].some((key) => inner.has(key))) return 'queue';
  return 'event';
}

/** What a handler reads of its event, and what it hands it to. */
interface Keys {
  /** `event["key"]`, `event.get("key")`, `"key" in event`. */
  readonly direct: Set<string>;
  /** Keys of what comes out of the event: of a record, of the detail. */
  readonly inner: Set<string>;
  /** Callees that get the event or a part of it. */
  readonly calls: string[];
}

/** Follows an event through variables, loops and functions of the same file. */
class EventKeys {
  readonly #module: PythonModule;
  readonly #keys: Keys = { direct: new Set(), inner: new Set(), calls: [] };
  readonly #seen = new Set<string>();

  constructor(module: PythonModule) {
    this.#module = module;
  }

  of(fn: PyNode, event: string): Keys {
    this.#visit(fn, event, true);
    return this.#keys;
  }

  #visit(fn: PyNode, event: string, whole: boolean): void {
    const id = `${String(fn.start)} ${event} ${String(whole)}`;
    if (this.#seen.has(id) || this.#seen.size > 20) return;
    this.#seen.add(id);
    const wholes = new Set(whole ? [event] : []);
    const parts = new Set(whole ? [] : [event]);
    const body = child(fn, 'body') ?? fn;
    // First what is bound: a comprehension reads its variable before it names it.
    walkPython(body, (node) => {
      this.#bind(node, wholes, parts);
      return undefined;
    });
    walkPython(body, (node) => {
      this.#read(node, wholes, parts);
      if (node.type === 'call') this.#handOn(node, wholes, parts);
      return undefined;
    });
  }

  /** `record = event["Records"][0]`, `for record in event["Records"]`, `[f(r) for r in event["Records"]]`. */
  #bind(node: PyNode, wholes: Set<string>, parts: Set<string>): void {
    if (!/^(assignment|for_statement|for_in_clause|named_expression)$/.test(node.type)) return;
    const target = child(node, 'left') ?? child(node, 'name');
    const value = child(node, 'right') ?? child(node, 'value');
    if (target === undefined || value === undefined) return;
    const text = this.#module.text(value);
    const root = rootOf(this.#module, value);
    const name = this.#module.text(root);
    if (root === undefined || !(wholes.has(name) || parts.has(name))) return;
    const into = wholes.has(text) ? wholes : parts;
    for (const each of target.type === 'identifier' ? [target] : named(target)) into.add(this.#module.text(each));
  }

  #read(node: PyNode, wholes: ReadonlySet<string>, parts: ReadonlySet<string>): void {
    if (node.type === 'comparison_operator') {
      const [left, right] = [node.children[0], node.children.at(-1)];
      const key = stringValue(this.#module, left);
      if (key !== undefined && wholes.has(this.#module.text(right))) this.#keys.direct.add(key);
      const value = stringValue(this.#module, right);
      if (value !== undefined && wholes.has(this.#module.text(rootOf(this.#module, left)))) this.#keys.inner.add(value);
      return;
    }
    const read = keyRead(this.#module, node);
    if (read === undefined) return;
    const object = this.#module.text(read.object);
    if (wholes.has(object)) this.#keys.direct.add(read.key);
    else if (parts.has(object) || wholes.has(this.#module.text(rootOf(this.#module, read.object))))
      this.#keys.inner.add(read.key);
    else if (parts.has(this.#module.text(rootOf(this.#module, read.object)))) this.#keys.inner.add(read.key);
  }

  #handOn(call: PyNode, wholes: ReadonlySet<string>, parts: ReadonlySet<string>): void {
    const callee = child(call, 'function');
    const given = named(child(call, 'arguments')).map((each) =>
      this.#module.text(each.type === 'keyword_argument' ? child(each, 'value') : each),
    );
    const name = this.#module.text(callee);
    if (given.some((each) => wholes.has(each))) this.#keys.calls.push(name);
    const definition = callee?.type === 'identifier' ? this.#module.origins.functionNamed(name) : undefined;
    if (definition === undefined) return;
    const parameters = named(child(definition, 'parameters')).map((each) =>
      this.#module.text(each.type === 'identifier' ? each : (child(each, 'name') ?? named(each)[0])),
    );
    given.forEach((each, index) => {
      const parameter = parameters[index];
      if (parameter === undefined) return;
      if (wholes.has(each)) this.#visit(definition, parameter, true);
      else if (parts.has(each)) this.#visit(definition, parameter, false);
    });
  }
}

/** `x["key"]`, `x.get("key")`; also `x.key` of Powertools' and the CloudEvents SDK's classes. */
function keyRead(module: PythonModule, node: PyNode): { object: PyNode | undefined; key: string } | undefined {
  if (node.type === 'subscript') {
    const key = stringValue(module, child(node, 'subscript'));
    return key === undefined ? undefined : { object: child(node, 'value'), key };
  }
  if (node.type !== 'call') return undefined;
  const callee = child(node, 'function');
  if (callee?.type !== 'attribute' || module.text(child(callee, 'attribute')) !== 'get') return undefined;
  const key = stringValue(module, named(child(node, 'arguments'))[0]);
  return key === undefined ? undefined : { object: child(callee, 'object'), key };
}

/** The variable that a chain of subscripts, attributes and calls begins with. */
function rootOf(module: PythonModule, node: PyNode | undefined): PyNode | undefined {
  let at = node;
  for (let depth = 0; depth < 12 && at !== undefined; depth++) {
    if (at.type === 'identifier') return at;
    if (at.type === 'subscript') at = child(at, 'value');
    else if (at.type === 'attribute') at = child(at, 'object');
    else if (at.type === 'call') {
      const callee = child(at, 'function');
      at = callee?.type === 'attribute' && !isParser(module, callee) ? callee : named(child(at, 'arguments'))[0];
    } else if (/^(boolean_operator|parenthesized_expression|await)$/.test(at.type)) at = named(at)[0];
    else return undefined;
  }
  return undefined;
}

/** `json.loads(x)`, `base64.b64decode(x)`: what comes out is a part of what went in. */
function isParser(module: PythonModule, callee: PyNode): boolean {
  return /^(json|simplejson|orjson|ujson|base64|gzip|zlib|urllib(\.parse)?|ast)$/.test(
    module.text(child(callee, 'object')),
  );
}
