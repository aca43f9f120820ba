/**
 * Takes an order for an article that is in stock. Written the way people write it at first, and fine as long as stock
 * answers at once: no timeout, no error handling. orders-hardened.mjs beside it is what it has to become.
 */

export async function handler(event) {
  const order = event.body ? JSON.parse(event.body) : event;

  const response = await fetch(`${process.env.STOCK_URL}/${order.sku}`);
  const stock = await response.json();

  if (stock.available < order.quantity) {
    return answer(409, { error: `Only ${stock.available} of ${order.sku} left` });
  }
  return answer(201, { sku: order.sku, quantity: order.quantity, from: stock.warehouse.id });
}

function answer(statusCode, body) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
