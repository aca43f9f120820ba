import type { Dependency } from '../../emulator/contract/findings.js';

/** Who a JavaScript call waits for, by its origin path; undefined where it is nobody known. */
export function dependencyOf(path: string): Dependency | undefined {
  const v3 = /^@aws-sdk\/(?:client-([\w-]+)|lib-(dynamodb|storage))/.exec(path);
  if (v3 !== null) {
    const service = v3[1] ?? (v3[2] === 'storage' ? 's3' : v3[2]);
    return service === undefined ? { client: 'aws-sdk' } : { client: 'aws-sdk', service };
  }
  const v2 = /^aws-sdk[./](?:clients\/(\w+)|(?:AWS\.)?(\w+))(?:\.(\w+))?/.exec(path);
  if (v2 !== null) return { client: 'aws-sdk', service: serviceV2(v2[1] ?? v2[2] ?? '') };
  const named = clients.find(([pattern]) => pattern.test(path));
  return named && { client: named[1] };
}

/** `DynamoDB` → `dynamodb`, `CloudWatchLogs` → `cloudwatchlogs`. */
function serviceV2(name: string): string {
  return name.toLowerCase();
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
