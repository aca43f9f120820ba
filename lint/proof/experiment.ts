import type { ExperimentInput } from '../../emulator/contract/experiment.js';
import type { Finding } from '../../emulator/contract/findings.js';
import type { ProofAttempt } from '../../emulator/contract/proof.js';
import { HTTP_API_MS } from '../deployment.js';
import type { DeployedFunction } from '../deployment.js';
import { nothing, onlyConnections } from './faults.js';
import type { Expected, Shape, Step } from './shapes.js';
import { callerOf, usualTarget } from './targets.js';

/** One step of a proof as an experiment file has it. */

/** The statuses that tell a caller of a failure. */
const FAILURES = [400, 401, 403, 404, 409, 410, 412, 422, 424, 429, 500, 501, 502, 503, 504];

export function attemptOf(
  finding: Pick<Finding, 'rule' | 'dependency'>,
  deployed: DeployedFunction,
  shape: Shape,
  step: Step,
  code?: string,
): ProofAttempt {
  const { fault, breaks } = step.break(deployed.name, finding.dependency, code);
  const words = step.breaks ?? breaks;
  const caller = shape.asEvent !== true && ['http', 'unknown'].includes(callerOf(deployed)) ? 'http' : 'event';
  const target = (step.target ?? usualTarget)(deployed);
  const experiment: ExperimentInput = {
    title: `${finding.rule}: ${deployed.name} when ${words}`,
    target,
    steadyState: { errorShare: { max: 0 } },
    load: { rate: 1, for: step.invocations ?? 1, warmUp: 0 },
    faults: [fault],
    during: expectation(shape.expected, deployed, caller, target),
  };
  const limitMs = deployed.gatewayMs ?? HTTP_API_MS;
  return {
    function: deployed.name,
    experiment,
    breaks: words,
    needsHit: step.break !== nothing,
    ...(shape.expected === 'in-time' && onlyConnections(finding.dependency ?? {})
      ? { onlyConfirms: 'only its connections can be broken, not the queries on them' }
      : {}),
    confirmedBy: code === undefined ? (shape.withoutCode ?? shape.confirmedBy) : shape.confirmedBy,
    caller,
    ...(shape.expected === 'within-gateway' ? { limitMs } : {}),
  };
}

/** What holds once the code is mended. */
function expectation(
  expected: Expected,
  { name, timeoutMs, gatewayMs = HTTP_API_MS }: DeployedFunction,
  caller: ProofAttempt['caller'],
  { request, event }: ExperimentInput['target'],
): ExperimentInput['during'] {
  const errors = (kind: string, count: string): string =>
    `faultline_invocation_errors_total{function="${name}"${kind}} ${count}`;
  switch (expected) {
    case 'in-time':
      return { p99: { max: timeoutMs - 1 } };
    case 'within-gateway':
      return { p99: { max: gatewayMs - 1 } };
    case 'no-error':
      return { probes: [{ name: 'no invocation ends in an error', metric: errors('', '== 0') }] };
    case 'failure-shown':
      if (caller === 'http') return { status: FAILURES };
      return { probes: [{ name: 'the invocation fails, so that it is tried again', metric: errors('', '> 0') }] };
    case 'well-formed':
      if (request !== undefined || caller === 'event') return { errorShare: { max: 0 } };
      return { probes: [{ invoke: name, event, expect: { body: { '$.statusCode': { exists: true } } } }] };
  }
}
