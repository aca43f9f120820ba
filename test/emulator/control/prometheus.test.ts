import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../emulator/clock.js';
import { createTelemetry } from '../../../emulator/telemetry/index.js';
import { recordOf } from '../../../emulator/telemetry/fixture.js';
import { until } from '../../support/workspace.js';
import { fakeControl } from './fake-backend.js';

/** A real Prometheus scrapes the control API with the token and answers queries from what it found. */

const found = spawnSync('prometheus', ['--version']).error === undefined;
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
});

async function freePort(): Promise<number> {
  const holder = net.createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as net.AddressInfo;
  await new Promise((resolve) => holder.close(resolve));
  return port;
}

/** Two jobs: one with the token, one with a wrong one. */
function configOf(target: string, token: string): string {
  const job = (name: string, credentials: string): object => ({
    job_name: name,
    authorization: { credentials },
    static_configs: [{ targets: [target] }],
  });
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [job('faultline', token), job('stranger', 'wrong')],
  });
}

async function startPrometheus(target: string, token: string): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'faultline-prometheus-'));
  cleanup.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  // YAML reads JSON.
  const config = path.join(folder, 'prometheus.yml');
  await writeFile(config, configOf(target, token));
  const address = `127.0.0.1:${String(await freePort())}`;
  const child: ChildProcess = spawn(
    'prometheus',
    [`--config.file=${config}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=${address}`],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  cleanup.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const url = `http://${address}`;
  await until('Prometheus is ready', () =>
    fetch(`${url}/-/ready`).then(
      (reply) => reply.ok,
      () => false,
    ),
  );
  return url;
}

/** Value of an instant query; undefined without a sample. */
async function query(url: string, expression: string): Promise<string | undefined> {
  const reply = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`);
  const { data } = (await reply.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result[0]?.value[1];
}

describe('Prometheus', () => {
  it.skipIf(!found && process.env['CI'] !== 'true')(
    'scrapes with the bearer token, knows our counters and quantiles, and is refused with a wrong token',
    { timeout: 60_000 },
    async () => {
      await using control = await fakeControl();
      const source = { name: 'stock', instances: [], queued: 0, coldStarts: 0 };
      const telemetry = createTelemetry({ clock: systemClock, sources: { functions: () => [source] } });
      cleanup.push(() => telemetry.dispose());
      for (let i = 0; i < 7; i++) {
        const record = recordOf({ requestId: String(i), function: 'stock', durationMs: 40 });
        telemetry.invocation(record, Buffer.alloc(0), Buffer.alloc(0));
      }
      control.backend.metrics = () => telemetry.metrics();
      const url = await startPrometheus(`127.0.0.1:${String(control.port)}`, control.token);

      const counter = 'faultline_invocations_total{function="stock"}';
      await until('the counter is there', async () => (await query(url, counter)) !== undefined);
      expect(await query(url, counter)).toBe('7');
      expect(await query(url, 'up{job="faultline"}')).toBe('1');
      const median = 'histogram_quantile(0.5, faultline_invocation_duration_seconds_bucket{function="stock"})';
      const seconds = Number(await query(url, median));
      expect(seconds).toBeGreaterThan(0.025);
      expect(seconds).toBeLessThanOrEqual(0.05);

      await until('the stranger was refused', async () => (await query(url, 'up{job="stranger"}')) === '0');
      const { data } = (await (await fetch(`${url}/api/v1/targets`)).json()) as {
        data: { activeTargets: { labels: { job: string }; lastError: string }[] };
      };
      const stranger = data.activeTargets.find(({ labels }) => labels.job === 'stranger');
      expect(stranger?.lastError).toContain('401');
    },
  );
});
