import { describe, expect, it } from 'vitest';
import { createRoutes } from './router.js';

function routes(...keys: string[]) {
  const warnings: string[] = [];
  const all = keys.map((key, i) => {
    const [method = '', path = ''] = key.split(' ');
    return { function: `f${String(i)}`, method, path };
  });
  const created = createRoutes(all, (message) => warnings.push(message));
  return { find: (key: string) => created.find(key.split(' ')[0] ?? '', key.split(' ')[1] ?? ''), warnings };
}

describe('routes', () => {
  const { find, warnings } = routes(
    'GET /orders/{id}',
    'GET /orders/new',
    'POST /orders',
    'ANY /orders/{id}',
    'GET /orders/{order}/items/{item-no}',
    'ANY /{path+}',
    'GET /files/{path+}',
    'GET /v1:batch/x',
  );

  it.each([
    ['GET /orders/new', 'GET /orders/new', undefined],
    ['GET /orders/7', 'GET /orders/{id}', { id: '7' }],
    ['DELETE /orders/7', 'ANY /orders/{id}', { id: '7' }],
    ['POST /orders', 'POST /orders', undefined],
    ['GET /orders/7/items/8', 'GET /orders/{order}/items/{item-no}', { order: '7', 'item-no': '8' }],
    ['GET /files/a/b%20c.txt', 'GET /files/{path+}', { path: 'a/b c.txt' }],
    ['PUT /files/a', 'ANY /{path+}', { path: 'files/a' }],
    ['GET /orders/a%2Fb', 'GET /orders/{id}', { id: 'a/b' }],
    ['GET /v1:batch/x', 'GET /v1:batch/x', undefined],
    ['GET /orders/', 'ANY /{path+}', { path: 'orders/' }],
  ])('%s → %s', (request, routeKey, pathParameters) => {
    expect(find(request)).toMatchObject({ routeKey });
    expect(find(request)?.pathParameters).toEqual(pathParameters);
  });

  it('match nothing else', () => {
    const few = routes('GET /a', 'GET /b/{id}', 'GET /files/{path+}');
    for (const request of [
      'GET /',
      'POST /a',
      'GET /a/',
      'GET /A',
      'GET /b/',
      'GET /b/1/2',
      'GET /files',
      'GET /files/',
    ]) {
      expect(few.find(request), request).toBeUndefined();
    }
    expect(few.find('GET /b/%zz')).toBeUndefined();
    expect(few.find('BREW /a')).toBeUndefined();
  });

  it('take a parameter as long as a URL may be', () => {
    expect(routes('GET /t/{token}').find(`GET /t/${'x'.repeat(8_000)}`)?.pathParameters?.['token']).toHaveLength(8_000);
  });

  it('warn of one that is never reached, and serve the first', () => {
    expect(warnings).toEqual([]);
    const twice = routes('GET /a/{x}', 'GET /a/{y}', 'ANY /a/{z}');
    expect(twice.find('GET /a/1')?.function).toBe('f0');
    expect(twice.warnings).toEqual(['route GET /a/{y} of f1 is never reached: f0 has GET /a/{x}']);
  });

  it('that cannot be served do not take the others down', () => {
    const odd = routes('GET /a/{x+}/b', 'GET /a/c');
    expect(odd.find('GET /a/c')?.function).toBe('f1');
    expect(odd.warnings[0]).toMatch(/^route GET \/a\/\{x\+\}\/b of f0 is not served: /);
  });
});
