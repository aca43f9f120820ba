import type { Finding } from '../../emulator/contract/findings.js';

/** What became of a finding's experiment, as reports tell it. */

/** `confirmed: While api.example.com never answered, …`; undefined where nobody asked for a proof. */
export function proofText({ proof }: Finding): string | undefined {
  return proof?.result === undefined ? undefined : `${proof.result.verdict}: ${proof.result.text}`;
}

/** For a report's properties: what can be looked at again, without the event and the payload. */
export function proofProperties({ proof }: Finding): object {
  const result = proof?.result;
  if (result === undefined) return {};
  const { verdict, text, seed, record, decisions } = result;
  return {
    properties: {
      proof: {
        verdict,
        text,
        seed,
        ...(record === undefined
          ? {}
          : {
              requestId: record.requestId,
              function: record.function,
              ...(record.status === undefined ? {} : { status: record.status }),
              durationMs: Math.round(record.durationMs),
              faults: record.faults,
              log: record.log,
            }),
        decisions,
      },
    },
  };
}
