import type { ExperimentFault } from '../../../contract/experiment.js';
import { durationText } from '../durations.js';
import type { Through } from './written.js';

/** Faults as requests to the control API of an emulator that runs; what ends one is its own duration, or the rollback. */
export const throughFaultline: Through = (faults, _experiment, { options, todo }) => {
  todo('Give the token of the emulator (`faultline start` shows it) as the environment variable FAULTLINE_TOKEN.');
  const call = { type: 'http', url: '${faultline}/api/faults', headers: { Authorization: 'Bearer ${token}' } };
  return {
    events: faults.map(({ fault, from, to }, i) => ({
      at: from,
      activity: {
        type: 'action',
        name: `fault-${String(i + 1)}-${fault.kind}`,
        secrets: ['faultline'],
        provider: {
          ...call,
          method: 'POST',
          headers: { ...call.headers, 'Content-Type': 'application/json' },
          arguments: specOf(fault, to - from),
        },
      },
    })),
    rollbacks: [
      {
        type: 'action',
        name: 'clear-the-faults',
        secrets: ['faultline'],
        provider: { ...call, method: 'DELETE' },
      },
    ],
    configuration: { faultline: { type: 'env', key: 'FAULTLINE_CONTROL', default: options.control } },
    secrets: { faultline: { token: { type: 'env', key: 'FAULTLINE_TOKEN' } } },
  };
};

/** What was given, without the defaults of the schema. */
function specOf(fault: ExperimentFault, lasts: number): Readonly<Record<string, unknown>> {
  const { at: _at, for: _for, ramp, rate, enabled, dryRun, params, ...rest } = fault;
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...(rate === 100 ? {} : { rate }),
    ...(ramp === undefined ? {} : { ramp: durationText(ramp) }),
    ...(enabled ? {} : { enabled }),
    ...(dryRun ? { dryRun } : {}),
    for: durationText(lasts),
  };
}
