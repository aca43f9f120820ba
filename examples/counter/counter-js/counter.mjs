/** Counts up or down, between 0 and 100. */

const LOWEST = 0;
const HIGHEST = 100;

export async function handler(event) {
  const request = readRequest(event);
  if (typeof request?.counter !== 'number' || typeof request.operation !== 'string') {
    return answer(400, { error: 'Send {"counter": number, "operation": "increment" or "decrement"}' });
  }

  let { counter } = request;
  if (request.operation === 'increment') counter += 1;
  else if (request.operation === 'decrement') counter -= 1;
  else return answer(400, { error: 'Invalid operation' });

  counter = Math.max(LOWEST, Math.min(HIGHEST, counter));
  console.log(`${request.operation}: ${counter}`);
  return answer(200, { counter });
}

/** Behind a route the request is the JSON body; invoked directly, it is the event itself. */
function readRequest(event) {
  if (event?.body === undefined) return event;
  try {
    return JSON.parse(event.body);
  } catch {
    return undefined;
  }
}

function answer(statusCode, body) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
