import http from 'node:http';
import net from 'node:net';
import { systemClock, type Clock } from '../../../emulator/clock.js';
import type { FunctionConfig } from '../../../emulator/contract/config.js';
import { createDispatcher } from '../../../emulator/dispatch/index.js';
import type { Dispatcher } from '../../../emulator/dispatch/types.js';
import type { InvocationRecord } from '../../../emulator/contract/records.js';
import type { FaultEngine } from '../../../emulator/faults/types.js';
import type { AsyncEvent } from '../../../emulator/delivery/types.js';
import { createGateway, type GatewayOptions } from '../../../emulator/gateway/index.js';
import type { GatewayRoute } from '../../../emulator/gateway/types.js';
import { StreamedResponse } from '../../../emulator/instances/streamed-response.js';
import type { AcquireFailure, Instance, Pool, RunResult, Work } from '../../../emulator/instances/types.js';

/** What a function of the test does with an invocation; one that writes to the stream has that for its response. */
export type TestFunction = (event: unknown, work: Work, stream: TestStream) => unknown;

/** `awslambda.HttpResponseStream`, as far as a test needs it. */
export class TestStream {
  used = false;
  /** How many times a write asked to wait. */
  waits = 0;
  readonly response: StreamedResponse;

  constructor(private readonly work: Work) {
    this.response = new StreamedResponse(work.stream);
  }

  start(contentType: string): void {
    this.used = true;
    this.response.start(contentType);
  }

  /** Resolves when there is room for more. */
  async write(chunk: string | Buffer): Promise<void> {
    if (!this.used) this.start('');
    if (this.response.write(Buffer.from(chunk))) return;
    this.waits++;
    await new Promise<void>((resolve) => this.work.stream?.onDrain(resolve));
  }

  /** The JSON of a prelude and what separates it from the body. */
  prelude(head: object): Promise<void> {
    this.start('application/vnd.awslambda.http-integration-response');
    return this.write(JSON.stringify(head) + '\0'.repeat(8));
  }
}

/** Thrown by a test function to end as the given failure. */
export class Failure extends Error {
  constructor(readonly result: Extract<RunResult, { ok: false }>) {
    super(result.message);
  }
}

/** A failure as the runtimes report it. */
export function failure(kind: Extract<RunResult, { ok: false }>['kind'], type: string, message: string): Failure {
  const payload = Buffer.from(JSON.stringify({ errorType: type, errorMessage: message, trace: [] }));
  return new Failure({ ok: false, kind, type, message, payload });
}

async function run(fn: TestFunction, work: Work): Promise<RunResult> {
  const stream = new TestStream(work);
  try {
    const value = await fn(JSON.parse(work.payload.toString()), work, stream);
    if (stream.used) return stream.response.end(undefined, undefined);
    return { ok: true, payload: Buffer.from(JSON.stringify(value ?? null)) };
  } catch (error) {
    const failed = error instanceof Failure ? error.result : failure('function', 'Error', String(error)).result;
    return stream.used ? { ...stream.response.end(failed.payload, undefined), ...failed } : failed;
  }
}

function poolOf(fn: TestFunction): Pool {
  const instance: Instance = {
    id: 'i1',
    pending: 0,
    served: 0,
    version: 1,
    takeInitMs: () => undefined,
    usedMs: 0,
    pid: undefined,
    pause: () => undefined,
    resume: () => undefined,
    kill: () => undefined,
    run: (work) => run(fn, work),
    expire: (_id, ms) => failure('timeout', 'Sandbox.Timedout', String(ms)).result,
  };
  const refusal = refusals.get(fn);
  const acquire = (): Instance | Promise<AcquireFailure> => (refusal ? Promise.resolve(refusal) : instance);
  return { acquire, release: () => undefined } as Partial<Pool> as Pool;
}

const refusals = new Map<TestFunction, AcquireFailure>();

/** A function that never has an instance free. @param reason as the pool gives it */
export function throttledBy(reason: string): TestFunction {
  const fn: TestFunction = () => undefined;
  const payload = Buffer.from(`{"Reason":"${reason}","Type":"User","message":"Rate Exceeded."}`);
  refusals.set(fn, { kind: 'throttled', type: 'TooManyRequestsException', message: 'Rate Exceeded.', payload });
  return fn;
}
export const throttled = throttledBy('ReservedFunctionConcurrentInvocationLimitExceeded');

/** A function whose module does not load. */
export const unloadable: TestFunction = () => undefined;
refusals.set(unloadable, { ...failure('init', 'Runtime.ImportModuleError', 'no such module').result, kind: 'init' });

/** A real gateway and a real dispatcher on a free port, over functions in this process. */
export async function startGateway(
  functions: Readonly<Record<string, TestFunction>>,
  routes: readonly GatewayRoute[] = [],
  { clock = systemClock, wrap = (d) => d, configs = {}, accept, ...more }: HarnessOptions = {},
) {
  const records: InvocationRecord[] = [];
  const accepted: AsyncEvent[] = [];
  const log: string[] = [];
  const pools = new Map(Object.entries(functions).map(([name, fn]) => [name, poolOf(fn)]));
  const config = (name: string) =>
    pools.has(name)
      ? ({
          name,
          runtime: 'node',
          handler: `${name}.handler`,
          timeoutMs: 3_000,
          memoryMb: 128,
          tmpMb: 512,
          environment: {},
          tracing: 'passthrough',
          aliases: [],
          provisioned: 0,
          queues: [],
          retries: { attempts: 2, maxAgeMs: 21_600_000 },
          ...configs[name],
        } as Partial<FunctionConfig> as FunctionConfig)
      : undefined;
  let ids = 0;
  const newId = (): string => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`;
  const dispatcher = createDispatcher({
    clock,
    pools: (name) => pools.get(name),
    functions: config,
    names: () => [...pools.keys()],
    faults: { active: false } as Partial<FaultEngine> as FaultEngine,
    recorder: { invocation: (record) => void records.push(record) },
    newId,
  });
  const gateway = createGateway({
    dispatcher: wrap(dispatcher),
    clock,
    newId,
    functions: config,
    accept: accept ?? ((event) => (accepted.push(event), Promise.resolve())),
    ...more,
    logTail: (requestId) => Buffer.from(`START RequestId: ${requestId}\nEND\n`),
    log: (message) => log.push(message),
  });
  const { url, port } = await gateway.listen(0, '127.0.0.1');
  gateway.setRoutes(routes);
  return { gateway, dispatcher, url, port, records, accepted, log };
}

interface HarnessOptions extends Partial<Pick<GatewayOptions, 'accept' | 'services' | 'runtimeName' | 'concurrency'>> {
  readonly clock?: Clock;
  readonly wrap?: (dispatcher: Dispatcher) => Dispatcher;
  /** What functions have besides the defaults. */
  readonly configs?: Readonly<Record<string, Partial<FunctionConfig>>>;
}

export interface RawReply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request with exactly these headers; `fetch` adds its own and hides some of the answer's. */
export function request(url: string, options: http.RequestOptions = {}, body?: string | Buffer): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const call = http.request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Sends bytes as they are; @returns everything that came back until the server closed. */
export function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (reply += chunk.toString()));
    socket.on('close', () => resolve(reply));
    socket.on('error', reject);
  });
}
