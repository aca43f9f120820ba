import type { FaultSpec } from '../../emulator/contract/faults.js';

/** What a page can ask for; the editor's panel relays it, the dashboard calls the control API. */
export interface ViewActions {
  /** Absent where an emulator that is gone cannot be started. */
  start?(): void;
  invoke(functionName: string): void;
  /** These reject with a message for people. */
  addFault(spec: FaultSpec): Promise<void>;
  setFault(id: string, enabled: boolean): Promise<void>;
  removeFault(id: string): Promise<void>;
}
