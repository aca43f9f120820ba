import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import { createInterface } from 'node:readline';

/** Debian's redis-server, on a port of its own and with nothing on the disk. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** The process, to be stopped and continued. */
  readonly process: ChildProcess;
  /** With SIGKILL: what it held is gone. */
  kill(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Resolves when it takes connections.
 * @param port of an earlier one, to follow it
 * @throws Error with what to install when there is no redis-server
 */
export async function startRedis(options: { port?: number; password?: string } = {}): Promise<RedisServer> {
  const port = options.port ?? (await freePort());
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    os.tmpdir(),
  ];
  if (options.password !== undefined) args.push('--requirepass', options.password);
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const failed = once(child, 'error').then(([error]: unknown[]) => {
    throw new Error(
      `redis-server, which the Redis store is tested with, does not start (${String(error)}).\n` +
        'Install it: node scripts/tools.mjs, or apt-get install redis-server',
    );
  });
  const lines: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout })
      .on('line', (line) => {
        lines.push(line);
        if (line.includes('Ready to accept connections')) resolve();
      })
      .once('close', () => reject(new Error(`redis-server ended:\n${lines.join('\n')}`)));
  });
  await Promise.race([ready, failed]);
  failed.catch(() => undefined);
  return {
    port,
    url: `redis://127.0.0.1:${String(port)}`,
    process: child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}
