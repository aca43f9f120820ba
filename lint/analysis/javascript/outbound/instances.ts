import { isCallLike, keyName, unwrap, walk } from '../ast.js';
import type { CallLike, Node } from '../ast.js';
import type { JavaScriptModule } from '../module.js';

/** Methods of a client that ask nobody. */
const local = /^(on|once|use|eject|connect|end|off|addListener|removeListener|destroy|then|catch|bind)$/;

/** Which calls of a file are made on which client, by what made the client. */
export class Calls {
  readonly #module: JavaScriptModule;
  #byCreation: Map<CallLike, CallLike[]> | undefined;

  constructor(module: JavaScriptModule) {
    this.#module = module;
  }

  /** The calls of the file on what `creation` made. */
  of(creation: CallLike): readonly CallLike[] {
    this.#byCreation ??= this.#collect();
    return this.#byCreation.get(creation) ?? [];
  }

  #collect(): Map<CallLike, CallLike[]> {
    const found = new Map<CallLike, CallLike[]>();
    walk(this.#module.program, (node) => {
      if (!isCallLike(node)) return undefined;
      const callee = unwrap(node.callee);
      const object = callee.type === 'MemberExpression' ? callee.object : callee;
      const creation = this.#module.origins.of(object)?.creation;
      const name = callee.type === 'MemberExpression' ? (keyName(callee) ?? '') : '';
      if (creation !== undefined && creation !== node && !local.test(name)) {
        found.set(creation, [...(found.get(creation) ?? []), node]);
      }
      return undefined;
    });
    return found;
  }
}

/** `DynamoDBDocumentClient.from(client)`, `axiosRetry(axios)`: what stands in front of the client that waits. */
export function clientBehind(module: JavaScriptModule, creation: CallLike): CallLike | undefined {
  const path = module.origins.path(creation.callee);
  if (!/^@aws-sdk\/lib-dynamodb\.\w+\.from$/.test(path)) return undefined;
  const first: Node | undefined = creation.arguments[0];
  return first && module.origins.of(first)?.creation;
}
