import net from 'node:net';
import { watchers, type DebugProtocol } from './protocols.js';

const HOST = '127.0.0.1';

/** A runtime's own debugger, behind a gate. */
export interface Target {
  /** On the loopback interface. */
  readonly port: number;
  attached(): void;
  /** A debugger has set its breakpoints. */
  ready(): void;
  /** No debugger is attached any more. */
  detached(): void;
}

/**
 * A port on the loopback interface where debuggers attach. What is behind it changes (a reload starts another instance), the
 * port does not; and standing between, it knows whether a debugger is attached, which no runtime tells.
 */
export class DebuggerGate {
  private readonly server: net.Server;
  private readonly sockets = new Map<net.Socket, Target>();
  /** Attached connections of each target. */
  private readonly attached = new Map<Target, number>();
  /** Newest last: new connections lead there. */
  private targets: readonly Target[] = [];
  private listening: Promise<number> | undefined;

  constructor(readonly protocol: DebugProtocol) {
    this.server = net.createServer((socket) => this.connect(socket));
  }

  /** New connections lead there, until it is hung up. @returns the port to attach at @throws Error when there is none to be had */
  lead(target: Target): Promise<number> {
    this.targets = [...this.targets, target];
    this.listening ??= new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, HOST, () => resolve((this.server.address() as net.AddressInfo).port));
    });
    return this.listening;
  }

  /** Ends the connections to it: its process has ended, or waits for them to end. */
  hangUp(target: Target): void {
    this.targets = this.targets.filter((each) => each !== target);
    for (const [socket, to] of this.sockets) if (to === target) socket.destroy();
  }

  close(): void {
    this.targets = [];
    for (const socket of this.sockets.keys()) socket.destroy();
    this.server.close();
  }

  private connect(client: net.Socket): void {
    const target = this.targets.at(-1);
    if (target === undefined) return void client.destroy();
    this.sockets.set(client, target);
    const runtime = net.connect(target.port, HOST);
    let attached = false;
    const watcher = watchers[this.protocol]({
      attached: () => {
        attached = true;
        this.count(target, 1);
      },
      ready: () => target.ready(),
    });
    // Watched first: what is told is told before the other side can have acted on it.
    client.on('data', (chunk: Buffer) => watcher.fromClient(chunk));
    runtime.on('data', (chunk: Buffer) => watcher.fromRuntime(chunk));
    client.pipe(runtime).pipe(client);
    for (const [one, other] of [
      [client, runtime],
      [runtime, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.once('close', () => other.destroy());
    }
    client.once('close', () => {
      this.sockets.delete(client);
      if (attached) this.count(target, -1);
    });
  }

  private count(target: Target, change: 1 | -1): void {
    const before = this.attached.get(target) ?? 0;
    this.attached.set(target, before + change);
    if (before === 0 && change === 1) target.attached();
    if (before + change > 0) return;
    this.attached.delete(target);
    target.detached();
  }
}
