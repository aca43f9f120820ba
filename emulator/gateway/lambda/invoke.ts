import type { AsyncEvent } from '../../delivery/types.js';
import type { Outcome } from '../../dispatch/types.js';
import type { Asked } from '../fault-header.js';
import type { Call, Operation } from './call.js';
import { tooManyRequests } from './errors.js';
import { commonHeaders, isThrottled, parseInvocation, withPayload, type Invocation } from './invocation.js';
import { LATEST } from './names.js';

/** POST …/invocations: synchronous, asynchronous, or only to see whether one could [FACTS section 1]. */
export const invoke: Operation = {
  name: 'Invoke',
  method: 'POST',
  path: '/2015-03-31/functions/{FunctionName}/invocations',
  run(call) {
    const invocation = parseInvocation(call, ['Event', 'RequestResponse', 'DryRun']);
    withPayload(call, invocation.type, (payload) => {
      if (invocation.type === 'DryRun') call.answer({ status: 204, headers: commonHeaders(invocation) });
      else if (invocation.type === 'Event') accept(call, invocation, payload);
      else call.withFaults((asked) => invokeNow(call, invocation, payload, asked));
    });
  },
};

/** Its predecessor, deprecated and still in the SDKs: an Event invocation under another path. */
export const invokeAsync: Operation = {
  name: 'InvokeAsync',
  method: 'POST',
  path: '/2014-11-13/functions/{FunctionName}/invoke-async',
  run(call) {
    const invocation: Invocation = { ...parseInvocation(call, ['RequestResponse']), type: 'Event' };
    withPayload(call, 'Event', (payload) => accept(call, invocation, payload));
  },
};

/**
 * 202 only once the event is kept: accepted means that it will be tried, whatever happens to the emulator. The client
 * context is for synchronous invocations only [D].
 */
function accept(call: Call, invocation: Invocation, payload: Buffer): void {
  const { reference, trace } = invocation;
  const event: AsyncEvent = {
    requestId: call.requestId,
    function: reference.name,
    payload,
    source: 'sdk-async',
    traceId: trace.header,
    ...(reference.qualifier === undefined ? {} : { qualifier: reference.qualifier }),
  };
  call.api.accept(event).then(
    () => call.answer({ status: 202, headers: commonHeaders(invocation), body: '' }),
    (error: unknown) => call.fail(error, reference),
  );
}

function invokeNow(call: Call, invocation: Invocation, payload: Buffer, asked: Asked): void {
  const { reference, clientContext, trace } = invocation;
  call.api.dispatcher
    .invoke({
      function: reference.name,
      payload,
      source: 'sdk',
      requestId: call.requestId,
      traceId: trace.header,
      ...(reference.qualifier === undefined ? {} : { qualifier: reference.qualifier }),
      ...(clientContext === undefined ? {} : { clientContext }),
      ...asked,
    })
    .then(
      (outcome) => answer(call, invocation, outcome),
      (error: unknown) => call.fail(error, reference),
    );
}

function answer(call: Call, invocation: Invocation, { requestId, result }: Outcome): void {
  if (isThrottled(result)) return call.answer(tooManyRequests(result.payload));
  const headers = ['content-type', 'application/json', ...commonHeaders(invocation)];
  headers.push('X-Amz-Executed-Version', LATEST);
  if (!result.ok) headers.push('X-Amz-Function-Error', 'Unhandled');
  if (invocation.tail) headers.push('X-Amz-Log-Result', call.api.logTail(requestId).toString('base64'));
  call.answer({ status: 200, headers, body: result.payload });
}
