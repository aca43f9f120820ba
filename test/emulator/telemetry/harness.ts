import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { systemClock } from '../../../emulator/clock.js';
import type { FunctionConfig } from '../../../emulator/contract/config.js';
import { createDispatcher } from '../../../emulator/dispatch/index.js';
import type { Outcome } from '../../../emulator/dispatch/types.js';
import type { FaultEngine } from '../../../emulator/faults/types.js';
import { createTelemetry } from '../../../emulator/telemetry/index.js';
import type { Telemetry } from '../../../emulator/telemetry/types.js';
import { createXrayDaemon } from '../../../emulator/telemetry/xray/daemon.js';
import { functionConfig } from '../../support/function-config.js';
import { bench, repo } from '../instances/harness.js';

export interface Hosted {
  readonly telemetry: Telemetry;
  /** What the engine's log was told. */
  readonly hints: readonly string[];
  invoke(event: object, traceId?: string): Promise<Outcome>;
  /** Resolves when the invocation has that many segments. */
  segments(requestId: string, count: number): Promise<void>;
  close(): Promise<void>;
}

/** A handler of test/fixtures/telemetry in a real process, with dispatch, telemetry and the X-Ray daemon around it. */
export async function hosted(handler: string, tracing: FunctionConfig['tracing'] = 'active'): Promise<Hosted> {
  const hints: string[] = [];
  const clock = systemClock;
  const telemetry = createTelemetry({ clock, sources: { functions: () => [] }, log: (hint) => hints.push(hint) });
  const waiting = new Set<() => void>();
  const daemon = createXrayDaemon({
    onSegment(document) {
      telemetry.trace(document);
      for (const check of waiting) check();
    },
    log: (hint) => hints.push(hint),
  });
  const { pool, log, close } = bench(handler, {
    root: path.join(repo, 'test/fixtures/telemetry'),
    environment: { AWS_XRAY_DAEMON_ADDRESS: await daemon.start(), AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR' },
  });
  const config = functionConfig({ name: 'subject', timeoutMs: 10_000, tracing });
  const dispatcher = createDispatcher({
    clock,
    pools: () => pool,
    names: () => ['subject'],
    functions: () => config,
    faults: { active: false } as Partial<FaultEngine> as FaultEngine,
    recorder: telemetry,
    newId: randomUUID,
  });
  return {
    telemetry,
    hints,
    async invoke(event, traceId) {
      const payload = Buffer.from(JSON.stringify(event));
      const outcome = await dispatcher.invoke({
        ...{ function: 'subject', payload, source: 'sdk' },
        ...(traceId === undefined ? {} : { traceId }),
      });
      for (const line of log.splice(0)) telemetry.log(line);
      return outcome;
    },
    segments: (requestId, count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if ((telemetry.detail(requestId)?.segments?.length ?? 0) < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    async close() {
      await close();
      await daemon.stop();
      telemetry.dispose();
    },
  };
}
