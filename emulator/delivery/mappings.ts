import type { Clock } from '../clock.js';
import type { FunctionConfig, QueueConfig, QueueSourceConfig } from '../contract/config.js';
import type { DeliveryFaults } from '../faults/types.js';
import type { Deliver } from './deliver.js';
import { Mapping } from './mapping.js';
import type { MappingSettings } from './mapping-batch.js';
import { MAX_BATCHES } from './mapping-scale.js';
import type { Sqs } from './sqs/types.js';

export interface MappingsOptions {
  readonly sqs: Pick<Sqs, 'engine' | 'setConsumers'>;
  readonly clock: Clock;
  readonly deliver: Deliver;
  readonly faults: DeliveryFaults;
  readonly log: (message: string) => void;
}

/** Queues that feed functions: Lambda's event source mappings. */
export interface Mappings {
  /** Mappings that are in both configs go on with their batches; those that are gone end when theirs have. */
  configure(functions: readonly FunctionConfig[], queues: readonly QueueConfig[]): void;
  /** Takes nothing more; resolves when the batches that run have ended. */
  drain(): Promise<void>;
  /** Takes nothing more, and waits for nothing. */
  close(): void;
}

export function createMappings(options: MappingsOptions): Mappings {
  const { sqs, log, ...parts } = options;
  const running = new Map<string, Mapping>();
  const ending = new Set<Promise<void>>();
  const warnings = new Set<string>();
  let closed = false;

  function end(key: string, mapping: Mapping): void {
    running.delete(key);
    const ended = mapping.stop().finally(() => ending.delete(ended));
    ending.add(ended);
  }

  function endAll(): void {
    closed = true;
    for (const [key, mapping] of running) end(key, mapping);
  }

  function warn(message: string): void {
    if (!warnings.has(message)) log(message);
    warnings.add(message);
  }

  return {
    configure(functions, queues) {
      if (closed) return;
      const wanted = wantedMappings(functions, queues, warn);
      for (const [key, mapping] of running) if (!wanted.has(key)) end(key, mapping);
      for (const [key, settings] of wanted) {
        const mapping = running.get(key);
        if (mapping) mapping.update(settings);
        else running.set(key, new Mapping({ engine: sqs.engine, log, ...parts }, settings));
      }
      sqs.setConsumers(consumersOf(functions));
    },

    async drain() {
      endAll();
      await Promise.all(ending);
    },

    close: endAll,
  };
}

/** By queue and function, of which there is one at most on Lambda too [R: ResourceConflictException]. */
function wantedMappings(
  functions: readonly FunctionConfig[],
  queues: readonly QueueConfig[],
  warn: (message: string) => void,
): ReadonlyMap<string, MappingSettings> {
  const wanted = new Map<string, MappingSettings>();
  for (const each of functions) {
    for (const source of each.queues) {
      const queue = queues.find(({ name }) => name === source.queue);
      const key = `${source.queue} ${each.name}`;
      if (!queue || !source.enabled) continue;
      if (wanted.has(key)) warn(`function ${each.name}: queue ${source.queue} is listed twice; the first one counts`);
      else wanted.set(key, settingsOf(each, source, queue, warn));
    }
  }
  return wanted;
}

function settingsOf(
  config: FunctionConfig,
  source: QueueSourceConfig,
  queue: QueueConfig,
  warn: (message: string) => void,
): MappingSettings {
  const { name, timeoutMs } = config;
  if (queue.visibilityMs < timeoutMs) {
    warn(
      `queue ${queue.name}: its visibility timeout of ${seconds(queue.visibilityMs)} is less than the timeout of function ${name}, ` +
        `${seconds(timeoutMs)}. Lambda refuses such an event source mapping (InvalidParameterValueException); ` +
        `AWS recommends ${seconds(timeoutMs * 6 + source.windowMs)}. Messages are hidden for ${seconds(timeoutMs)} here.`,
    );
  }
  return { function: name, source, leaseMs: Math.max(queue.visibilityMs, timeoutMs), cap: capOf(config, source) };
}

const seconds = (ms: number): string => `${String(ms / 1_000)} s`;

/**
 * Batches at the same time at most. A mapping on Lambda does not know the function's reserved concurrency: what is beyond it is
 * throttled, and may end as a dead letter without ever having run. So it is here. Without a reservation Lambda would start
 * more instances; here more invocations than `scaling.max` would only wait.
 */
function capOf({ reserved, scaling }: FunctionConfig, { maxConcurrency = MAX_BATCHES }: QueueSourceConfig): number {
  return Math.min(maxConcurrency, reserved === undefined ? Math.max(scaling.max, 1) : MAX_BATCHES);
}

function consumersOf(functions: readonly FunctionConfig[]): ReadonlyMap<string, readonly string[]> {
  const consumers = new Map<string, string[]>();
  for (const { name, queues } of functions) {
    for (const queue of new Set(queues.map((source) => source.queue)))
      consumers.set(queue, [...(consumers.get(queue) ?? []), name]);
  }
  return consumers;
}
