import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/**
 * The emulator's own process, under the names that Prometheus' client libraries share. prom-client's default metrics are
 * not used: some of their names do not pass `promtool check metrics`, and their observers cannot be ended.
 * @returns ends the measuring
 */
export function registerProcessMetrics(registry: Registry): () => void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number | undefined): void => {
    const metric: Gauge = new Gauge({
      name,
      help,
      registers,
      collect() {
        const value = read();
        if (value !== undefined) metric.set(value);
      },
    });
  };
  const cpu: Counter = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'User and system CPU time of the emulator, without its instances.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      cpu.reset();
      cpu.inc((user + system) / 1e6);
    },
  });
  const startedAt = Math.floor(Date.now() / 1_000 - process.uptime());
  gauge('process_start_time_seconds', 'Unix time when the emulator started.', () => startedAt);
  gauge('process_resident_memory_bytes', 'Resident memory of the emulator.', () => process.memoryUsage.rss());
  gauge('nodejs_heap_used_bytes', 'Heap that the emulator uses.', () => process.memoryUsage().heapUsed);
  if (openFiles() !== undefined) gauge('process_open_fds', 'File descriptors that the emulator has open.', openFiles);

  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  gauge('nodejs_eventloop_lag_p99_seconds', '99th percentile of the event loop delay since the last scrape.', () => {
    const p99 = delay.percentile(99) / 1e9;
    delay.reset();
    return Number.isFinite(p99) ? p99 : undefined;
  });
  return () => delay.disable();
}

/** Linux only: elsewhere there is no cheap way to count them. */
function openFiles(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}
