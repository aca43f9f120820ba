import type { QueueConfig, FunctionConfig } from '../contract/config.js';
import type { InvocationSource } from '../contract/records.js';
import type { AsyncSnapshot, QueueSnapshot, ScheduleSnapshot } from '../contract/snapshot.js';
import type { AwsService } from '../gateway/types.js';

/** An event that is accepted now and handled later: Lambda's asynchronous invocation. */
export interface AsyncEvent {
  readonly requestId: string;
  readonly function: string;
  /** JSON text of the event, 1 MB at most. */
  readonly payload: Buffer;
  readonly source: Extract<
    InvocationSource,
    'sdk-async' | 'schedule' | 'destination' | 'editor' | 'library' | 'experiment'
  >;
  readonly clientContext?: string;
  readonly traceId?: string;
  readonly qualifier?: string;
}

/** Queues, retries, dead letters, destinations, schedules. */
export interface Delivery {
  /** The SQS-compatible endpoint. */
  readonly sqs: AwsService;
  /**
   * Opens the store and goes on with what an earlier run has accepted.
   * @throws FaultlineError STORE_UNAVAILABLE
   */
  open(): Promise<void>;
  /** A config that serves from now on; called again after every edit. What is queued for what is gone stays in the store. */
  configure(config: DeliveryConfig): void;
  /**
   * Resolves once the event is kept, whatever happens to the emulator.
   * @throws FaultlineError FUNCTION_NOT_FOUND, STOPPING, STORE_UNAVAILABLE (a full disk, a Redis that is gone)
   */
  accept(event: AsyncEvent): Promise<void>;
  async(functionName: string): AsyncSnapshot;
  schedules(functionName: string): readonly ScheduleSnapshot[];
  queues(): readonly QueueSnapshot[];
  /** Starts nothing more; resolves when what runs has ended and is written down. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface DeliveryConfig {
  readonly functions: readonly FunctionConfig[];
  readonly queues: readonly QueueConfig[];
  /** Gateway URL, for the URLs of queues. */
  readonly gateway: string;
}
