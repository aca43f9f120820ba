/**
 * Takes an order, whatever happens to stock: every call has a timeout, a failed one is repeated while the budget lasts,
 * and without an answer the order is accepted and confirmed later.
 */

/** All attempts together, in ms: well below the function's own timeout of 3 s. */
const BUDGET_MS = 1_000;
const ATTEMPT_MS = 500;
const MAX_ATTEMPTS = 3;
const PAUSE_MS = 25;

export async function handler(event) {
  const order = readOrder(event);
  if (!order) return answer(400, { error: 'Send {"sku": text, "quantity": number}' });
  if (!process.env.STOCK_URL) return answer(503, { error: 'Orders are not taken: STOCK_URL is not set' });

  let stock;
  try {
    stock = await readStock(order.sku);
  } catch (error) {
    console.warn(`stock did not answer, ${order.sku} is confirmed later: ${error.message}`);
    return answer(202, { ...order, state: 'accepted', note: 'Stock could not be checked; confirmation follows' });
  }
  if (!stock) return answer(404, { error: `No article "${order.sku}"` });
  if (stock.available < order.quantity) return answer(409, { error: `Only ${stock.available} of ${order.sku} left` });
  return answer(201, { ...order, state: 'confirmed', from: stock.warehouse.id });
}

function readOrder(event) {
  try {
    const { sku, quantity } = event.body === undefined ? event : JSON.parse(event.body);
    return typeof sku === 'string' && Number.isInteger(quantity) && quantity > 0 ? { sku, quantity } : undefined;
  } catch {
    return undefined;
  }
}

/** The article, or undefined when there is none. Throws when the budget ends without an answer. */
async function readStock(sku) {
  const deadline = Date.now() + BUDGET_MS;
  let failure = new Error('no time left');
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const left = deadline - Date.now();
    if (left <= PAUSE_MS) break;
    try {
      return await askStock(sku, Math.min(ATTEMPT_MS, left));
    } catch (error) {
      failure = error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE_MS * attempt));
    }
  }
  throw failure;
}

async function askStock(sku, timeoutMs) {
  const response = await fetch(`${process.env.STOCK_URL}/${encodeURIComponent(sku)}`, {
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`stock answered ${response.status}`);
  return await response.json();
}

function answer(statusCode, body) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
