/** Counts up or down, between 0 and 100. */

const LOWEST = 0;
const HIGHEST = 100;

interface CounterRequest {
  counter: number;
  operation: string;
}

interface HttpEvent {
  body?: string;
}

interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

export async function handler(event: CounterRequest | HttpEvent): Promise<HttpAnswer> {
  const request = readRequest(event);
  if (!request) return answer(400, { error: 'Send {"counter": number, "operation": "increment" or "decrement"}' });

  let { counter } = request;
  if (request.operation === 'increment') counter += 1;
  else if (request.operation === 'decrement') counter -= 1;
  else return answer(400, { error: 'Invalid operation' });

  counter = Math.max(LOWEST, Math.min(HIGHEST, counter));
  console.log(`${request.operation}: ${counter}`);
  return answer(200, { counter });
}

/** Behind a route the request is the JSON body; invoked directly, it is the event itself. */
function readRequest(event: CounterRequest | HttpEvent): CounterRequest | undefined {
  try {
    const request: unknown = 'body' in event ? JSON.parse(event.body ?? '') : event;
    return isCounterRequest(request) ? request : undefined;
  } catch {
    return undefined;
  }
}

function isCounterRequest(value: unknown): value is CounterRequest {
  const request = value as Partial<CounterRequest> | null;
  return typeof request?.counter === 'number' && typeof request.operation === 'string';
}

function answer(statusCode: number, body: object): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
