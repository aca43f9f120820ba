import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import type { InstanceSnapshot } from '../contract/snapshot.js';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { recordOf } from './fixture.js';
import { createTelemetry } from './telemetry.js';
import type { Telemetry } from './types.js';

const NONE = Buffer.alloc(0);
let telemetry: Telemetry | undefined;
afterEach(() => telemetry?.dispose());

function busy(): Telemetry {
  const instance: InstanceSnapshot = {
    id: 'i1',
    state: 'busy',
    version: 1,
    startedAt: 0,
    invocations: 3,
    cpu: 25,
    memoryMb: 2,
  };
  const functions = [{ name: 'counter', instances: [instance], queued: 4, coldStarts: 2 }];
  telemetry = createTelemetry({
    clock: new VirtualClock(),
    sources: { functions: () => functions },
    seed: 'a "seed"\n',
  });
  telemetry.invocation(recordOf({ status: 200, durationMs: 3, queueMs: 1 }), NONE, NONE);
  telemetry.invocation(
    recordOf({ status: 502, durationMs: 900, faults: [{ fault: 'latency-1', kind: 'latency' }] }),
    NONE,
    NONE,
  );
  const error = { kind: 'timeout', type: 'Sandbox.Timedout', message: '' } as const;
  telemetry.invocation(recordOf({ durationMs: 60_000, error }), NONE, NONE);
  telemetry.invocation(recordOf({ durationMs: 0, error: { ...error, kind: 'throttled' } }), NONE, NONE);
  return telemetry;
}

describe('metrics', () => {
  it('tell what happened', async () => {
    const lines = (await busy().metrics()).text.split('\n');
    for (const line of [
      'faultline_invocations_total{function="counter"} 4',
      'faultline_invocation_errors_total{function="counter",kind="timeout"} 1',
      'faultline_invocation_errors_total{function="counter",kind="function"} 0',
      'faultline_http_responses_total{function="counter",class="5xx"} 1',
      'faultline_cold_starts_total{function="counter"} 2',
      'faultline_faults_injected_total{function="counter",kind="latency",fault="latency-1"} 1',
      'faultline_instances{function="counter",state="busy"} 1',
      'faultline_instances{function="counter",state="idle"} 0',
      'faultline_queued{function="counter"} 4',
      'faultline_instance_cpu_ratio{function="counter",instance="i1"} 0.25',
      'faultline_instance_memory_bytes{function="counter",instance="i1"} 2097152',
      'faultline_invocation_duration_seconds_bucket{le="0.0025",function="counter"} 0',
      'faultline_invocation_duration_seconds_bucket{le="0.005",function="counter"} 1',
      'faultline_invocation_duration_seconds_bucket{le="1",function="counter"} 2',
      'faultline_invocation_duration_seconds_bucket{le="30",function="counter"} 2',
      'faultline_invocation_duration_seconds_bucket{le="+Inf",function="counter"} 3',
      'faultline_invocation_duration_seconds_sum{function="counter"} 60.903',
      'faultline_invocation_duration_seconds_count{function="counter"} 3',
      'faultline_queue_wait_seconds_count{function="counter"} 4',
      'faultline_run_info{seed="a \\"seed\\"\\n"} 1',
    ])
      expect(lines).toContain(line);
  });

  it('say the same at the second scrape: nothing is counted by asking', async () => {
    const telemetry = busy();
    const own = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('faultline_'));
    expect(own((await telemetry.metrics()).text)).toEqual(own((await telemetry.metrics()).text));
  });

  it('stay apart between two emulators in one process', async () => {
    const first = busy();
    const second = createTelemetry({ clock: new VirtualClock(), sources: { functions: () => [] } });
    expect((await second.metrics()).text).not.toContain('"counter"');
    second.dispose();
    expect((await first.metrics()).text).toContain('"counter"');
  });

  const found = spawnSync('promtool', ['--version']).error === undefined;
  it.skipIf(!found && process.env['CI'] !== 'true')('pass promtool check metrics', async () => {
    const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], {
      input: (await busy().metrics()).text,
      encoding: 'utf8',
    });
    expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
  });
});
