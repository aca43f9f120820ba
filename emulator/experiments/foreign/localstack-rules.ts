import { z } from 'zod';
import type { FaultSpec } from '../../contract/faults.js';
import type { DocumentPath, LeaveOut } from '../importers/types.js';

/**
 * Rules of LocalStack's Chaos API, as faults [S: its documentation]: without `service`, `region` or `operation` all are meant;
 * `probability` is from 0 to 1, by default 1; the error is by default 503 `ServiceUnavailable`.
 */

export const ruleSchema = z.looseObject({
  service: z.string().min(1).optional(),
  operation: z.string().min(1).optional(),
  region: z.string().min(1).optional(),
  probability: z.number().min(0).max(1).default(1),
  error: z
    .looseObject({
      statusCode: z.number().int().min(100).max(599).optional(),
      code: z.string().min(1).optional(),
    })
    .default({}),
});
export type Rule = z.output<typeof ruleSchema>;

export const effectsSchema = z.looseObject({ latency: z.number().min(0) });

/** @returns undefined when it is left out */
export function ruleFault(
  { service, operation, region, probability, error }: Rule,
  path: DocumentPath,
  leaveOut: LeaveOut,
): FaultSpec | undefined {
  if (probability === 0) {
    leaveOut([...path, 'probability'], 'hits 0 % of the calls', 'Give a share above 0 to import it.');
    return undefined;
  }
  const { statusCode: status = 503, code: errorCode = 'ServiceUnavailable' } = error;
  if (status < 200) {
    leaveOut([...path, 'error', 'statusCode'], `${String(status)} ends no request`, 'Give one from 200 to 599.');
    return undefined;
  }
  if (region !== undefined) {
    leaveOut(
      [...path, 'region'],
      `the region is told from the host (*.${region}.*); calls to an endpoint of your own are not hit`,
      'Delete hosts: from the fault to hit every region.',
    );
  }
  return {
    kind: 'http',
    params: {
      service: service ?? '*',
      ...(operation === undefined ? {} : { operation }),
      ...(region === undefined ? {} : { hosts: [`*.${region}.*`] }),
      status,
      errorCode,
    },
    ...(probability === 1 ? {} : { rate: probability * 100 }),
  };
}

/** @returns undefined when there is none */
export function effectsFault(
  { latency }: z.output<typeof effectsSchema>,
  path: DocumentPath,
  leaveOut: LeaveOut,
): FaultSpec | undefined {
  if (latency > 0) return { kind: 'http', params: { mode: 'latency', service: '*', latencyMs: Math.round(latency) } };
  leaveOut(path, 'a latency of 0 ms does nothing', 'Give it in ms.');
  return undefined;
}
