import type { ProbeInput } from '../../../contract/experiment.js';
import type { FaultSpec } from '../../../contract/faults.js';
import type { DocumentPath, DraftFault, LeaveOut } from '../../importers/types.js';
import { durationText } from '../durations.js';

interface Running {
  readonly spec: FaultSpec;
  readonly key: string;
  readonly at: number;
  readonly path: DocumentPath;
  until?: number;
}

/** When what happens in a method: times add up from its pauses. */
export class Timeline {
  /** ms since the method began. */
  now = 0;
  readonly probes: ProbeInput[] = [];
  readonly #faults: Running[] = [];

  wait(ms: number): void {
    this.now += ms;
  }

  /** @param path of the action that begins it */
  begin(spec: FaultSpec, key: string, at: number, path: DocumentPath): void {
    this.#faults.push({ spec, key, at, path });
  }

  /** Ends those that are on, by their key or by what it begins with. */
  end(key: string, at: number): void {
    for (const fault of this.#faults) {
      if (fault.until === undefined && (fault.key === key || fault.key.startsWith(`${key}:`))) fault.until = at;
    }
  }

  probe(probe: ProbeInput, at: number): void {
    this.probes.push({ ...probe, at: durationText(at) });
  }

  /** One that nothing ends lasts for the phase. */
  faults(leaveOut: LeaveOut): DraftFault[] {
    return this.#faults.flatMap(({ spec, at, until, path }) => {
      if (until === undefined) return [{ spec, at }];
      if (until > at) return [{ spec: { ...spec, for: durationText(until - at) }, at }];
      leaveOut(path, 'is undone at once, with no pause in between', 'Give pauses: { after: … } in seconds.');
      return [];
    });
  }
}
