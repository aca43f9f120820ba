import net, { type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { until } from '../../../test/support/workspace.js';
import { proxy, type Proxy, type Shaping } from './index.js';
import { cutAfter, throttled } from './shaping.js';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** A server that answers each connection as told; what it received. */
async function upstream(serve: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

async function opened() {
  const clock = new VirtualClock();
  const subject = await proxy.open({ clock, log: () => undefined });
  open.push(subject);
  return { clock, subject };
}

/** Connects to the proxy as an instance does. */
async function client(subject: Proxy, port: number | undefined, host = '127.0.0.1') {
  const socket = net.connect({ port: subject.port, host: '127.0.0.1', allowHalfOpen: true });
  open.push({ close: () => void socket.destroy() });
  await once(socket, 'connect');
  const got: Buffer[] = [];
  const trail: string[] = [];
  socket.on('data', (chunk) => got.push(chunk));
  socket.on('end', () => trail.push('end')).on('error', (error) => trail.push((error as { code?: string }).code ?? ''));
  const local = socket.localPort ?? 0;
  const announce = (): void =>
    subject.announce({ requestId: 'r', local, to: { host, port: port ?? 0 }, target: `${host}:x`, fault: 'f' });
  return { socket, trail, announce, text: () => Buffer.concat(got).toString() };
}

const shaping = (more: Partial<Shaping>): Shaping => ({
  fault: 'f',
  matches: () => true,
  lifted: new AbortController().signal,
  shape: () => () => undefined,
  ...more,
});

describe('the proxy', () => {
  it('forwards an announced connection as it is, ends included', async () => {
    const { port } = await upstream((socket) => {
      socket.on('data', (chunk) => socket.write(`got ${chunk.toString()}`)).on('end', () => socket.end(' bye'));
    });
    const { subject } = await opened();
    const { socket, trail, announce, text } = await client(subject, port);
    socket.write('hello');
    announce();
    await until('the answer', () => text() === 'got hello');
    socket.end();
    await once(socket, 'close');
    expect(text()).toBe('got hello bye');
    expect(trail).toEqual(['end']);
    await until('nothing is left', () => subject.size === 0);
  });

  it('takes the announcement and the connection in any order', async () => {
    const { port } = await upstream((socket) => socket.end('fine'));
    const { clock, subject } = await opened();
    const early = await client(subject, port);
    early.announce();
    await until('the answer', () => early.text() === 'fine');
    const late = await client(subject, port);
    await until('it is held', () => subject.size > 0);
    late.announce();
    await until('the answer', () => late.text() === 'fine');
    expect(clock.pending).toBe(0);
  });

  it('closes a connection that nobody announced, and forwards nothing of it', async () => {
    const { clock, subject } = await opened();
    const { socket, trail, text } = await client(subject, undefined);
    socket.write('GET http://example.com/ HTTP/1.1\r\n\r\n');
    await until('it is held', () => clock.pending === 1);
    const closed = once(socket, 'close').catch(() => undefined);
    socket.on('end', () => socket.end());
    await clock.advance(30_000);
    await closed;
    expect(text()).toBe('');
    expect(trail).toHaveLength(1);
    expect(subject.size).toBe(0);
  });

  it('resets where the host refuses', async () => {
    const gone = await upstream(() => undefined);
    open.pop()?.close();
    const { subject } = await opened();
    const { socket, trail, announce } = await client(subject, gone.port);
    announce();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(trail).toEqual(['ECONNRESET']);
    await until('nothing is left', () => subject.size === 0);
  });

  it('shapes what belongs to the invocation, and only the direction that is meant', async () => {
    const { port } = await upstream((socket) => socket.on('data', (chunk) => socket.write(chunk)));
    const { clock, subject } = await opened();
    const lift = new AbortController();
    const end = subject.begin(
      'r',
      shaping({
        lifted: lift.signal,
        shape: () => (side, pace) => (side === 'down' ? throttled(0.1, pace) : undefined),
      }),
    );
    const { socket, announce, text } = await client(subject, port);
    announce();
    socket.write('0123456789'.repeat(10));
    await until('it waits', () => clock.pending === 1);
    expect(text()).toBe('');
    await clock.advance(100);
    await until('a tenth of a second of it', () => text().length === 10);
    lift.abort();
    end();
    await until('the rest', () => text().length === 100);
    expect(clock.pending).toBe(0);
  });

  it.each(['close', 'reset'] as const)('cuts: %s', async (how) => {
    const { port, sockets } = await upstream((socket) =>
      socket
        .on('end', () => socket.end())
        .resume()
        .write('0123456789'),
    );
    const { clock, subject } = await opened();
    subject.begin(
      'r',
      shaping({
        shape:
          ({ end }) =>
          (side, pace) =>
            side === 'down' ? cutAfter({ bytes: 4, delayMs: 20, end: () => end(how) }, pace) : undefined,
      }),
    );
    const { socket, trail, announce, text } = await client(subject, port);
    announce();
    await until('what passes', () => text() === '0123');
    await until('it stalls', () => clock.pending === 1);
    await clock.advance(20);
    await until('it ends', () => trail.length > 0);
    expect(text()).toBe('0123');
    expect(trail).toEqual([how === 'close' ? 'end' : 'ECONNRESET']);
    socket.destroy();
    await until('nothing is left', () => subject.size === 0 && sockets.size === 0);
  });

  it('ends everything when it is closed', async () => {
    const { port, sockets } = await upstream(() => undefined);
    const { clock, subject } = await opened();
    const running = await client(subject, port);
    running.announce();
    await until('it is forwarded', () => sockets.size === 1);
    const held = await client(subject, undefined);
    await until('it is held', () => clock.pending === 1);
    const closed = [running, held].map(({ socket }) => {
      socket.on('end', () => socket.end());
      return new Promise((resolve) => socket.once('close', resolve));
    });
    const at = subject.port;
    subject.close();
    await Promise.all(closed);
    await until('nothing is left', () => subject.size === 0 && sockets.size === 0);
    expect(clock.pending).toBe(0);
    const refused = await new Promise((resolve) =>
      net.connect(at, '127.0.0.1').on('error', resolve).on('connect', resolve),
    );
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  });
});
