import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzip } from 'node:zlib';
import type { Clock } from '../../clock.js';
import type { AwsService } from '../../gateway/types.js';
import { headerOf, readBody, type Body } from '../../http-body.js';
import { send, type Reply } from '../../http-reply.js';
import type { Telemetry } from '../types.js';
import { metricStatistics } from './get-metric-statistics.js';
import { listMetrics } from './list-metrics.js';
import { cbor } from './protocols/cbor.js';
import { json } from './protocols/json.js';
import { query } from './protocols/query.js';
import { metricsOf } from './put-metric-data.js';
import { CloudWatchError, type Fields, type Protocol } from './types.js';

/** Of a request as it is sent, compressed or not [D: PutMetricData]. */
const MAX_BYTES = 1_048_576;
/** Of a request that was compressed, when it is unpacked. Ours: a thousand metrics with 150 values each have 8 MB. */
const MAX_UNCOMPRESSED_BYTES = 32 * 1_048_576;

const protocols: readonly Protocol[] = [json, cbor, query];

export interface CloudWatchOptions {
  readonly telemetry: Pick<Telemetry, 'put' | 'customMetrics'>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: (message: string) => void;
}

type Action = (input: Fields) => Fields;

/** CloudWatch for unmodified SDKs: PutMetricData, and what reads it back. */
export function createCloudWatch({ telemetry, clock, newId, log }: CloudWatchOptions): AwsService {
  const actions: Readonly<Record<string, Action>> = {
    PutMetricData(input) {
      telemetry.put(metricsOf(input, clock.now()));
      return {};
    },
    ListMetrics: (input) => listMetrics(input, telemetry.customMetrics()),
    GetMetricStatistics: (input) => metricStatistics(input, telemetry.customMetrics()),
  };

  function run(action: string, input: Fields): Fields {
    const found = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (found) return found(input);
    const names = Object.keys(actions).join(', ');
    throw new CloudWatchError('UnknownOperationException', `Faultline has of CloudWatch only ${names}, not ${action}.`);
  }

  function answered(protocol: Protocol, request: IncomingMessage, bytes: Buffer, id: string): Reply {
    const { action, input } = protocol.decode(request, bytes);
    return protocol.answer(action, run(action, input), id);
  }

  function failed(protocol: Protocol, error: unknown, id: string): Reply {
    if (error instanceof CloudWatchError) return protocol.failure(error, id);
    log(`CloudWatch: ${error instanceof Error ? error.message : String(error)}`);
    return protocol.failure(new CloudWatchError('InternalServiceFault', 'The request could not be processed.'), id);
  }

  async function reply(protocol: Protocol, request: IncomingMessage, body: Body, id: string): Promise<Reply> {
    try {
      return answered(protocol, request, await bytesOf(request, body), id);
    } catch (error) {
      return failed(protocol, error, id);
    }
  }

  return {
    serves: (request) => protocols.some((protocol) => protocol.serves(request)),
    handle(request: IncomingMessage, response: ServerResponse) {
      const protocol = protocols.find((each) => each.serves(request)) ?? json;
      const id = newId();
      readBody(request, MAX_BYTES, (body) => {
        if (body.state === 'gone') return;
        const unread = body.state === 'too-large' && !body.ended;
        void reply(protocol, request, body, id).then((made) => send(response, made, unread, 'x-amzn-RequestId', id));
      });
    },
  };
}

/** The body, unpacked: SDKs compress PutMetricData from 10 KB on. @throws CloudWatchError */
async function bytesOf(request: IncomingMessage, body: Body): Promise<Buffer> {
  if (body.state !== 'complete') throw tooLarge();
  const encoding = headerOf(request, 'content-encoding');
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body.bytes;
  if (encoding !== 'gzip')
    throw new CloudWatchError('SerializationException', `Content-Encoding ${encoding} is not known`);
  return new Promise((resolve, reject) => {
    gunzip(body.bytes, { maxOutputLength: MAX_UNCOMPRESSED_BYTES }, (error, bytes) => {
      if (!error) resolve(bytes);
      else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge());
      else reject(new CloudWatchError('SerializationException', 'The body is not gzip'));
    });
  });
}

function tooLarge(): CloudWatchError {
  return new CloudWatchError('RequestEntityTooLargeException', `A request may have ${String(MAX_BYTES)} bytes.`);
}
