import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { DebuggerGate, type Target } from './gate.js';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

interface Program extends Target {
  readonly told: string[];
  until(count: number): Promise<void>;
}

/** A program with a debugger's port, behind the gate. */
async function program(name: string): Promise<Program> {
  const told: string[] = [];
  const waiting = new Set<() => void>();
  const note = (what: string): void => {
    told.push(what);
    for (const resolve of waiting) resolve();
  };
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(name);
    // Answers with what it was asked.
    socket.on('data', (chunk) => socket.write(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return {
    port: (server.address() as net.AddressInfo).port,
    told,
    attached: () => note('attached'),
    ready: () => note('ready'),
    detached: () => note('detached'),
    until: async (count) => {
      while (told.length < count) await new Promise<void>((resolve) => waiting.add(resolve));
    },
  };
}

/** @returns what the one behind the gate says first */
function knock(port: number): Promise<{ greeting: string; socket: net.Socket }> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('data', (chunk) => resolve({ greeting: chunk.toString(), socket }));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('hung up')));
  });
}

describe('the gate of a debugger', () => {
  it('leads to the newest, back to the one before when that has gone, and is closed with none', async () => {
    const gate = new DebuggerGate('debugpy');
    open.push(gate);
    const [old, next] = [await program('old'), await program('next')];
    const port = await gate.lead(old);
    expect((await knock(port)).greeting).toBe('old');
    expect(await gate.lead(next)).toBe(port);
    expect((await knock(port)).greeting).toBe('next');
    gate.hangUp(next);
    expect((await knock(port)).greeting).toBe('old');
    gate.hangUp(old);
    await expect(knock(port)).rejects.toThrow();
  });

  it('tells the first that attaches and the last that leaves, not who only looks', async () => {
    const gate = new DebuggerGate('debugpy');
    open.push(gate);
    const subject = await program('subject');
    const port = await gate.lead(subject);
    const [probe, one, other] = [await knock(port), await knock(port), await knock(port)];
    probe.socket.destroy();
    one.socket.write('{"command":"initialize"}');
    await subject.until(1);
    other.socket.write('{"command":"initialize"}');
    one.socket.write('{"command":"configurationDone"}');
    await subject.until(2);
    expect(subject.told).toEqual(['attached', 'ready']);
    one.socket.destroy();
    other.socket.destroy();
    await subject.until(3);
    expect(subject.told).toEqual(['attached', 'ready', 'detached']);
  });

  it('hangs up on who is attached when the program ends', async () => {
    const gate = new DebuggerGate('debugpy');
    open.push(gate);
    const subject = await program('subject');
    const { socket } = await knock(await gate.lead(subject));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('{"command":"initialize"}');
    await subject.until(1);
    gate.hangUp(subject);
    await closed;
    await subject.until(2);
    expect(subject.told).toEqual(['attached', 'detached']);
  });
});
