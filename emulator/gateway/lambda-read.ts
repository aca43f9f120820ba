import { createHash } from 'node:crypto';
import type { FunctionConfig, Runtime } from '../contract/config.js';
import { ACCOUNT_ID, functionArn } from '../dispatch/types.js';
import { LATEST } from './lambda-names.js';

/** Lambda's names of the runtimes that a local Node and Python come closest to. */
const RUNTIMES = { node: 'nodejs20.x', python: 'python3.11', provided: 'provided.al2023' } as const satisfies Record<
  Runtime,
  string
>;

/** A function as GetFunctionConfiguration and ListFunctions describe it, as far as there is an emulated counterpart. */
export function configuration(name: string, config: FunctionConfig | undefined): object {
  return {
    FunctionName: name,
    FunctionArn: functionArn(name),
    Version: LATEST,
    Role: `arn:aws:iam::${ACCOUNT_ID}:role/faultline`,
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    CodeSha256: createHash('sha256').update(name).digest('base64'),
    ...(config && {
      Runtime: RUNTIMES[config.runtime],
      Handler: config.handler,
      Description: config.description ?? '',
      Timeout: Math.ceil(config.timeoutMs / 1_000),
      MemorySize: config.memoryMb,
      Environment: { Variables: config.environment },
    }),
  };
}
