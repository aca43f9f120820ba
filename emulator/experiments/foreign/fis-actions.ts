import type { FaultSpec } from '../../contract/faults.js';
import { durationText, parseIsoDuration } from './durations.js';

/**
 * The Lambda actions of AWS FIS, as faults and back. Names, parameters and limits are those of the actions reference [D]: every
 * parameter is a string; durations are ISO 8601; invocationPercentage 1 to 100, by default 100; startupDelayMilliseconds 0 to
 * 900 000, by default 1 000; statusCode 000 to 999.
 */

export const LAMBDA_ACTIONS = [
  'aws:lambda:invocation-add-delay',
  'aws:lambda:invocation-error',
  'aws:lambda:invocation-http-integration-response',
] as const;
export type LambdaAction = (typeof LAMBDA_ACTIONS)[number];

type Parameters = Readonly<Record<string, string>>;
type Leave = (key: string, why: string, instead: string) => void;

const PARAMETERS: Readonly<Record<LambdaAction, readonly string[]>> = {
  'aws:lambda:invocation-add-delay': ['startupDelayMilliseconds'],
  'aws:lambda:invocation-error': ['preventExecution'],
  'aws:lambda:invocation-http-integration-response': ['contentTypeHeader', 'statusCode', 'preventExecution'],
};

/** @returns the fault, without its function; undefined when it is left out */
export function fisFault(action: string, parameters: Parameters, leave: Leave): FaultSpec | undefined {
  const known = ['duration', 'invocationPercentage', ...PARAMETERS[action as LambdaAction]];
  for (const key of Object.keys(parameters)) {
    if (!known.includes(key)) leave(key, `${action} has no parameter ${key}`, `Parameters: ${known.join(', ')}.`);
  }
  const kind = kinds[action as LambdaAction](parameters, leave);
  const rate = share(parameters['invocationPercentage'], leave);
  if (!kind || rate === undefined) return undefined;
  const ms = parseIsoDuration(parameters['duration'] ?? '');
  if (ms === undefined || ms === 0) {
    leave('duration', 'is no ISO 8601 duration; the fault lasts for the phase', 'Write for example PT1M.');
  }
  return {
    ...kind,
    ...(rate === 100 ? {} : { rate }),
    ...(ms === undefined || ms === 0 ? {} : { for: durationText(ms) }),
  };
}

type Made = Pick<FaultSpec, 'kind' | 'params'>;

const kinds: Readonly<Record<LambdaAction, (parameters: Parameters, leave: Leave) => Made | undefined>> = {
  'aws:lambda:invocation-add-delay'({ startupDelayMilliseconds: text = '1000' }, leave) {
    const ms = Number(text);
    if (/^\d+$/.test(text) && ms <= 900_000) return { kind: 'latency', params: { ms } };
    leave('startupDelayMilliseconds', `${text} is no number of ms from 0 to 900000`, 'Write for example 1000.');
    return undefined;
  },
  'aws:lambda:invocation-error': ({ preventExecution }) => ({
    kind: 'exception',
    params: { message: 'Injected as AWS FIS does', ...(preventExecution === 'true' ? {} : { when: 'after' }) },
  }),
  'aws:lambda:invocation-http-integration-response'(
    { contentTypeHeader: contentType = 'application/json', statusCode = '', preventExecution },
    leave,
  ) {
    const code = Number(statusCode);
    if (/^\d{3}$/.test(statusCode) && code >= 200 && code <= 599) {
      return { kind: 'status', params: { code, body: '', contentType, preventExecution: preventExecution === 'true' } };
    }
    leave('statusCode', `${statusCode || 'none'} is no status from 200 to 599`, 'Write for example 503.');
    return undefined;
  },
};

function share(text: string | undefined, leave: Leave): number | undefined {
  const percent = Number(text ?? 100);
  if (percent > 0 && percent <= 100) return percent;
  leave('invocationPercentage', `${text ?? ''} is no share from 1 to 100`, 'Write for example 50.');
  return undefined;
}
