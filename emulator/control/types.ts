import type { Clock } from '../clock.js';
import type { Catalog } from '../contract/catalog.js';
import type { InvokeBody, InvokeReply, LogEvent } from '../contract/control.js';
import type { Fault, FaultDecision, FaultSpec } from '../contract/faults.js';
import type { ProofRequest, ProofResult } from '../contract/proof.js';
import type { InvocationDetail, InvocationRecord } from '../contract/records.js';
import type { SeriesReply, Snapshot } from '../contract/snapshot.js';

/** What the control API stands on; `emulator.ts` implements it over the rooms. Errors are FaultlineErrors. */
export interface ControlBackend {
  catalog(): Catalog;
  snapshot(): Snapshot;
  series(seconds: number): SeriesReply;
  faults: {
    addPrepared(spec: FaultSpec): Promise<Fault>;
    list(): readonly Fault[];
    decisions(fault?: string): readonly FaultDecision[];
    setEnabled(id: string, enabled: boolean): Fault;
    remove(id: string): Fault;
    clear(): number;
  };
  invoke(body: InvokeBody): Promise<InvokeReply>;
  /** @param signal ends it early */
  prove(request: ProofRequest, signal: AbortSignal): Promise<ProofResult>;
  invocations(functionName: string | undefined, limit: number): readonly InvocationRecord[];
  invocation(requestId: string): InvocationDetail | undefined;
  restart(functionName: string): Promise<{ version: number }>;
  shutdown(): void;
  metrics(): Promise<{ contentType: string; text: string }>;
  /** Calls back whenever a view would differ; @returns stop */
  onChange(listener: () => void): () => void;
  /** @returns stop */
  onLog(listener: (event: LogEvent) => void): () => void;
}

export interface ControlServer {
  /** Binds. @throws FaultlineError PORT_IN_USE */
  listen(port: number, host: string): Promise<{ readonly port: number; readonly url: string }>;
  close(): Promise<void>;
}

export interface ControlOptions {
  readonly backend: ControlBackend;
  /** What callers must prove to know. */
  readonly token: string;
  readonly clock: Clock;
  /** Absolute folder with dashboard.html, dashboard.js and dashboard.css. */
  readonly webviewDir: string;
}

/** Where it listens. */
export interface Address {
  /** As given to `listen`. */
  readonly host: string;
  readonly port: number;
}
