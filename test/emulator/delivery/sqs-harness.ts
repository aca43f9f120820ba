import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { QueueConfig } from '../../../emulator/contract/config.js';
import { createSqs } from '../../../emulator/delivery/sqs/index.js';
import { createMemoryStore } from '../../../emulator/delivery/stores/memory.js';
import { VirtualClock } from '../../support/virtual-clock.js';

/** For tests: a queue with every default of the config. */
export function queueConfig(name: string, given: Partial<QueueConfig> = {}): QueueConfig {
  return { name, visibilityMs: 30_000, retentionMs: 345_600_000, delayMs: 0, ...given };
}

/** A server that has nothing but the SQS endpoint, over a memory store in virtual time, and the vendor's own client. */
export async function startSqs(...queues: readonly QueueConfig[]) {
  const clock = new VirtualClock();
  let ids = 0;
  const newId = (): string => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`;
  const store = createMemoryStore(clock, newId);
  const log: string[] = [];
  let url = '';
  const sqs = createSqs({
    store,
    clock,
    newId,
    gateway: () => url,
    queues: () => queues,
    log: (message) => log.push(message),
  });
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    if (sqs.service.serves(request)) sqs.service.handle(request, response);
    else response.writeHead(404).end('not an SQS request');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const client = new SQSClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  /** Resolves when the store has been asked for messages once more. */
  const nextReceive = (): Promise<void> =>
    new Promise((resolve) => {
      const { receive } = store;
      store.receive = (...given) => {
        store.receive = receive;
        return receive(...given).finally(resolve);
      };
    });
  const queueUrl = (name: string): string => `${url}/000000000000/${name}`;
  const stop = async (): Promise<void> => {
    sqs.close();
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await store.close();
  };
  return { clock, store, sqs, client, url, queueUrl, log, requests, nextReceive, stop };
}
