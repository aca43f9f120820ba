import type { FaultSpec } from '../../contract/faults.js';
import { durationText, parseIsoDuration } from './durations.js';

/**
 * Actions of AWS FIS that have a counterpart here: those on Lambda functions, those that let AWS calls fail, and those that cut the
 * network off. Names, parameters and limits are those of the actions reference [D]: every
 * parameter is a string; durations are ISO 8601; invocationPercentage 1 to 100, by default 100; startupDelayMilliseconds 0 to
 * 900 000, by default 1 000; statusCode 000 to 999.
 */

export const FIS_ACTIONS = [
  'aws:lambda:invocation-add-delay',
  'aws:lambda:invocation-error',
  'aws:lambda:invocation-http-integration-response',
  'aws:fis:inject-api-internal-error',
  'aws:fis:inject-api-throttle-error',
  'aws:fis:inject-api-unavailable-error',
  'aws:network:disrupt-connectivity',
] as const;
export type FisActionId = (typeof FIS_ACTIONS)[number];

type Parameters = Readonly<Record<string, string>>;
type Leave = (key: string, why: string, instead: string) => void;

const PARAMETERS: Readonly<Record<FisActionId, readonly string[]>> = {
  'aws:lambda:invocation-add-delay': ['startupDelayMilliseconds'],
  'aws:lambda:invocation-error': ['preventExecution'],
  'aws:lambda:invocation-http-integration-response': ['contentTypeHeader', 'statusCode', 'preventExecution'],
  'aws:fis:inject-api-internal-error': ['service', 'operations', 'percentage'],
  'aws:fis:inject-api-throttle-error': ['service', 'operations', 'percentage'],
  'aws:fis:inject-api-unavailable-error': ['service', 'operations', 'percentage'],
  'aws:network:disrupt-connectivity': ['scope', 'prefixListIdentifier'],
};

/** @returns the faults, without their functions; none when it is left out */
export function fisFaults(action: FisActionId, parameters: Parameters, leave: Leave): readonly FaultSpec[] {
  const onLambda = action.startsWith('aws:lambda:');
  const known = ['duration', ...(onLambda ? ['invocationPercentage'] : []), ...PARAMETERS[action]];
  for (const key of Object.keys(parameters)) {
    if (!known.includes(key)) leave(key, `${action} has no parameter ${key}`, `Parameters: ${known.join(', ')}.`);
  }
  const made = kinds[action](parameters, leave);
  const rate = share(onLambda ? 'invocationPercentage' : 'percentage', parameters, leave);
  if (rate === undefined) return [];
  const ms = parseIsoDuration(parameters['duration'] ?? '');
  if (ms === undefined || ms === 0) {
    leave('duration', 'is no ISO 8601 duration; the fault lasts for the phase', 'Write for example PT1M.');
  }
  return made.map((kind) => ({
    ...kind,
    ...(rate === 100 ? {} : { rate }),
    ...(ms === undefined || ms === 0 ? {} : { for: durationText(ms) }),
  }));
}

type Made = Pick<FaultSpec, 'kind' | 'params'>;

const kinds: Readonly<Record<FisActionId, (parameters: Parameters, leave: Leave) => readonly Made[]>> = {
  'aws:lambda:invocation-add-delay'({ startupDelayMilliseconds: text = '1000' }, leave) {
    const ms = Number(text);
    if (/^\d+$/.test(text) && ms <= 900_000) return [{ kind: 'latency', params: { ms } }];
    leave('startupDelayMilliseconds', `${text} is no number of ms from 0 to 900000`, 'Write for example 1000.');
    return [];
  },
  'aws:lambda:invocation-error': ({ preventExecution }) => [
    {
      kind: 'exception',
      params: { message: 'Injected as AWS FIS does', ...(preventExecution === 'true' ? {} : { when: 'after' }) },
    },
  ],
  'aws:lambda:invocation-http-integration-response'(
    { contentTypeHeader: contentType = 'application/json', statusCode = '', preventExecution },
    leave,
  ) {
    const code = Number(statusCode);
    if (/^\d{3}$/.test(statusCode) && code >= 200 && code <= 599) {
      const params = { code, body: '', contentType, preventExecution: preventExecution === 'true' };
      return [{ kind: 'status', params }];
    }
    leave('statusCode', `${statusCode || 'none'} is no status from 200 to 599`, 'Write for example 503.');
    return [];
  },
  'aws:fis:inject-api-internal-error': (parameters) => failingCalls(parameters, { status: 500 }),
  'aws:fis:inject-api-throttle-error': (parameters) => failingCalls(parameters, { errorCode: 'ThrottlingException' }),
  'aws:fis:inject-api-unavailable-error': (parameters) => failingCalls(parameters, { status: 503 }),
  'aws:network:disrupt-connectivity'({ scope = 'all' }, leave) {
    const hosts = Object.hasOwn(SCOPES, scope) ? SCOPES[scope] : undefined;
    if (hosts) return [{ kind: 'network', params: { mode: 'timeout', hosts } }];
    leave('scope', `${scope} is a part of a network that is not here`, 'Name the hosts in a network fault.');
    return [];
  },
};

/** What each scope of a subnet cannot reach; what is denied by a network ACL is never answered. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  all: [],
  dynamodb: ['dynamodb.*.amazonaws.com'],
  s3: ['s3.*.amazonaws.com', '*.s3.*.amazonaws.com'],
};

/** One fault for each operation; `ALL` and none are every operation. */
function failingCalls({ service = '*', operations = '' }: Parameters, error: object): readonly Made[] {
  const named = operations.split(',').map((each) => each.trim());
  return named.map((operation) => ({
    kind: 'http',
    params: { service, ...(operation === '' || /^all$/i.test(operation) ? {} : { operation }), ...error },
  }));
}

function share(key: string, parameters: Parameters, leave: Leave): number | undefined {
  const percent = Number(parameters[key] ?? 100);
  if (percent > 0 && percent <= 100) return percent;
  leave(key, `${parameters[key] ?? ''} is no share from 1 to 100`, 'Write for example 50.');
  return undefined;
}
