import type { Dependency } from '../../../emulator/contract/findings.js';
import { pythonClient } from '../../knowledge/python-io.js';
import { positionalOf, stringValue } from './calls.js';
import type { PythonModule } from './module.js';
import { child } from './tree.js';
import type { PyNode } from './tree.js';

/** Who a call waits for: its client, the AWS service of `boto3.client("sqs")`, the host of a URL that the code shows. */
export function pythonDependency(module: PythonModule, call: PyNode): Dependency | undefined {
  const origin = child(call, 'function') && module.origins.of(child(call, 'function') ?? call);
  const known = pythonClient(origin?.path ?? '');
  if (known === undefined) return undefined;
  if (known.client === 'boto3') {
    const service = serviceOf(module, origin?.creation);
    return service === undefined ? known : { ...known, service };
  }
  const first = positionalOf(call)[0];
  const text = first && stringValue(module, module.origins.valueOf(first));
  const host = /^https?:\/\/([^/:?#{]+)/.exec(text ?? '')?.[1];
  return host === undefined ? known : { ...known, host };
}

/** The first argument of the call that made the client, whatever was called on it since. */
function serviceOf(module: PythonModule, creation: PyNode | undefined): string | undefined {
  for (let at = creation, steps = 0; at !== undefined && steps < 6; steps++) {
    const callee: PyNode | undefined = child(at, 'function');
    if (callee?.type !== 'attribute') return undefined;
    if (/^(client|resource)$/.test(module.text(child(callee, 'attribute')))) {
      const first = positionalOf(at)[0];
      return first && stringValue(module, module.origins.valueOf(first));
    }
    const object = child(callee, 'object');
    const value = object && module.origins.valueOf(object);
    at = value?.type === 'call' ? value : undefined;
  }
  return undefined;
}
