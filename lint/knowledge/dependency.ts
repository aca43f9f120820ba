import type { Dependency } from '../../emulator/contract/findings.js';

/** Who a JavaScript call waits for, by its origin path; undefined where it is nobody known. */
export function dependencyOf(path: string): Dependency | undefined {
  if (/^(@aws-sdk\/(client|lib)-|aws-sdk[./])/.test(path)) {
    const service = awsServiceOf(path);
    return service === undefined ? { client: 'aws-sdk' } : { client: 'aws-sdk', service };
  }
  const named = clients.find(([pattern]) => pattern.test(path));
  return named && { client: named[1] };
}

/**
 * The AWS service of a client: `dynamodb` of `@aws-sdk/client-dynamodb`, of `aws-sdk.DynamoDB.DocumentClient` and of
 * `aws-sdk/clients/dynamodb`.
 */
export function awsServiceOf(path: string): string | undefined {
  const v3 = /^@aws-sdk\/(?:client-([\w-]+)|lib-(dynamodb|storage))/.exec(path);
  if (v3 !== null) return v3[1] ?? (v3[2] === 'storage' ? 's3' : v3[2]);
  const v2 = /^aws-sdk\/clients\/(?:all\.)?(\w+)|^aws-sdk(?:\/global)?\.(?:AWS\.)?(\w+)/.exec(path);
  return (v2?.[1] ?? v2?.[2])?.toLowerCase();
}

const clients: readonly (readonly [RegExp, string])[] = [
  [/^(global|undici|node-fetch|cross-fetch)\.fetch$|^(node-fetch|cross-fetch|isomorphic-fetch)$/, 'fetch'],
  [/^axios\b/, 'axios'],
  [/^https?\./, 'http'],
  [/^got\b/, 'got'],
  [/^request\b/, 'request'],
  [/^pg\./, 'pg'],
  [/^mysql2?\b/, 'mysql'],
  [/^ioredis\b/, 'ioredis'],
  [/^(redis|@redis\/client)\./, 'redis'],
  [/^mongo(db|ose)\b/, 'mongodb'],
];
