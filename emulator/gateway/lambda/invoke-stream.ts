import type { Outcome } from '../../dispatch/types.js';
import type { RunResult } from '../../instances/types.js';
import type { Asked } from '../fault-header.js';
import type { Call, Operation } from './call.js';
import { tooManyRequests } from './errors.js';
import { EventStreamSink, type InvokeComplete } from './event-stream.js';
import { commonHeaders, isThrottled, parseInvocation, withPayload, type Invocation } from './invocation.js';
import { LATEST } from './names.js';

/** POST …/response-streaming-invocations: the response as the handler writes it [D]. */
export const invokeWithResponseStream: Operation = {
  name: 'InvokeWithResponseStream',
  method: 'POST',
  path: '/2021-11-15/functions/{FunctionName}/response-streaming-invocations',
  run(call) {
    const invocation = parseInvocation(call, ['RequestResponse', 'DryRun']);
    withPayload(call, invocation.type, (payload) => {
      if (invocation.type === 'DryRun') call.answer({ status: 204, headers: commonHeaders(invocation) });
      else call.withFaults((asked) => stream(call, invocation, payload, asked));
    });
  },
};

function stream(call: Call, invocation: Invocation, payload: Buffer, asked: Asked): void {
  const { api, requestId, response } = call;
  const { reference, clientContext, trace } = invocation;
  const headers = [...commonHeaders(invocation), 'X-Amz-Executed-Version', LATEST, 'x-amzn-RequestId', requestId];
  const sink = new EventStreamSink(response, headers, api.closing());
  api.dispatcher
    .invoke({
      function: reference.name,
      payload,
      source: 'sdk-stream',
      requestId,
      traceId: trace.header,
      stream: sink,
      ...(reference.qualifier === undefined ? {} : { qualifier: reference.qualifier }),
      ...(clientContext === undefined ? {} : { clientContext }),
      ...asked,
    })
    .then(
      (outcome) => complete(call, sink, invocation, outcome),
      (error: unknown) => {
        call.fail(error, reference);
        sink.abort();
      },
    );
}

function complete(call: Call, sink: EventStreamSink, { tail }: Invocation, { requestId, result }: Outcome): void {
  if (isThrottled(result)) return call.answer(tooManyRequests(result.payload));
  // A handler that does not stream has its whole result in one chunk.
  if (result.ok && result.streamed === undefined && result.payload.length > 0) sink.write(result.payload);
  sink.complete({
    ...failure(result),
    ...(tail ? { LogResult: call.api.logTail(requestId).toString('base64') } : {}),
  });
}

function failure(result: RunResult): InvokeComplete {
  return result.ok ? {} : { ErrorCode: 'Unhandled', ErrorDetails: result.payload.toString() };
}
