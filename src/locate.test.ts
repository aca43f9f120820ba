import { describe, expect, it } from 'vitest';
import { handlersIn, locateHandler, scanConfig } from './locate.js';

const script = (text: string, name = 'handler') => locateHandler(text.split('\n'), name, false);
const python = (text: string, name = 'handler') => locateHandler(text.split('\n'), name, true);

describe('handlers in scripts', () => {
  it.each([
    ['a constant', 'export const handler = async () => {};'],
    ['an async function', 'export async function handler(event) {'],
    ['a function', 'export function handler(event) {'],
    ['a typed constant', 'export const handler: Handler = async (event) => {'],
    ['exports.name', 'exports.handler = async (event) => {'],
    ['module.exports.name', 'module.exports.handler = async (event) => {'],
    ['module.exports of an object', 'module.exports = { other, handler };'],
    ['a list of exports', 'export { main as handler };'],
  ])('finds %s', (_, line) => {
    expect(script(`// handler\n\n${line}\n`)).toBe(2);
  });

  it('prefers the definition over the line that exports it', () => {
    expect(script('async function handler(event) {\n}\nmodule.exports = { handler };')).toBe(0);
  });

  it('finds the default export whatever its name', () => {
    expect(script('export default async (event) => {};', 'default')).toBe(0);
  });

  it.each([
    ['a longer name', 'export const handlerOptions = {};'],
    ['a call', 'handler(event);'],
    ['a comment', '// export const handler = 1'],
  ])('passes by %s', (_, line) => {
    expect(script(line)).toBeUndefined();
  });
});

describe('handlers in Python', () => {
  it.each(['def handler(event, context):', 'async def handler(event, context):', 'handler = Mangum(app)'])(
    'finds %s',
    (line) => expect(python(`import json\n${line}`)).toBe(1),
  );

  it('passes by methods and longer names', () => {
    expect(python('class A:\n    def handler(self):\n\ndef handler_two(event):')).toBeUndefined();
  });
});

describe('a config', () => {
  const text = [
    '# comment',
    'environment:',
    '  handler: not.this',
    'functions:',
    '  orders:',
    "    description: 'Takes orders'",
    '    handler: orders/orders.handler # why',
    '    events: [{ http: POST /orders }]',
    '  "quoted":',
    '    handler: "./orders/stock.main"',
    '  flow: { handler: orders/orders.other, timeout: 3 }',
  ].join('\n');

  it('tells functions, handlers and lines', () => {
    expect(scanConfig(text)).toEqual([
      { function: 'orders', module: 'orders/orders', export: 'handler', line: 4 },
      { function: 'quoted', module: './orders/stock', export: 'main', line: 8 },
      { function: 'flow', module: 'orders/orders', export: 'other', line: 10 },
    ]);
  });

  it('tells which of them are in a file', () => {
    const names = (file: string) => handlersIn(scanConfig(text), file).map((one) => one.function);
    expect(names('orders/orders.mjs')).toEqual(['orders', 'flow']);
    expect(names('orders/stock.ts')).toEqual(['quoted']);
    expect(names('orders.mjs')).toEqual([]);
  });

  it('is empty for what is no config', () => {
    expect(scanConfig('')).toEqual([]);
    expect(scanConfig('functions: nonsense')).toEqual([]);
  });
});
