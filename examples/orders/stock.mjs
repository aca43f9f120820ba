/** How many of an article are left, and where. */

const articles = {
  apple: { available: 12, warehouse: { id: 'w1', city: 'Lyon' } },
  pear: { available: 3, warehouse: { id: 'w2', city: 'Turin' } },
  plum: { available: 0, warehouse: { id: 'w1', city: 'Lyon' } },
};

export async function handler(event) {
  const sku = event.pathParameters?.sku ?? event.sku;
  const article = Object.hasOwn(articles, sku ?? '') ? articles[sku] : undefined;
  if (!article) return answer(404, { error: `No article "${sku}"` });
  return answer(200, { sku, ...article });
}

function answer(statusCode, body) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
