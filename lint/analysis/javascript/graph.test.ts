import { describe, expect, test } from 'vitest';
import { createLinter } from '../../index.js';

/** Lints `handler.ts` of a project and gives `line rule` of what was found. */
async function found(project: Readonly<Record<string, string>>, main = 'handler.ts'): Promise<string[]> {
  const files = {
    read: (path: string) => project[path.slice('/p/'.length)],
    isFile: (path: string) => project[path.slice('/p/'.length)] !== undefined,
  };
  const linter = await createLinter({ files, languages: ['javascript', 'typescript'] });
  const findings = linter.lintText(project[main] ?? '', { file: `/p/${main}` });
  return findings.map((each) => `${String(each.range.start.line)} ${each.rule}`);
}

const call = (importLine: string, expression = 'http.get("/a")'): string =>
  `${importLine}\nexport const handler = async (event: APIGatewayProxyEvent) => {\n  try {\n    return { statusCode: 200, body: (await ${expression}).data };\n  } catch {\n    return { statusCode: 502 };\n  }\n};\n`;

const bounded = 'import axios from "axios";\nexport const http = axios.create({ timeout: 1000 });\n';
const unbounded = 'import axios from "axios";\nexport const http = axios;\n';

describe('a client made in another file', () => {
  test.each([
    ['by name', 'import { http } from "./lib/http";', 'lib/http.ts'],
    ['with the ending that it compiles to', 'import { http } from "./lib/http.js";', 'lib/http.ts'],
    ['as a namespace', 'import * as lib from "./lib/http"; const http = lib.http;', 'lib/http.ts'],
    ['from an index', 'import { http } from "./lib";', 'lib/index.ts'],
    ['by require', 'const { http } = require("./lib/http");', 'lib/http.ts'],
  ])('is bounded where it is used: %s', async (_, importLine, file) => {
    expect(await found({ 'handler.ts': call(importLine), [file]: bounded })).toEqual([]);
    expect(await found({ 'handler.ts': call(importLine), [file]: unbounded })).toEqual(['4 missing-timeout']);
  });

  test('through another file that exports it again', async () => {
    const main = call('import { client as http } from "./lib";');
    const again = { 'lib/index.ts': 'export { http as client } from "./http";' };
    expect(await found({ 'handler.ts': main, ...again, 'lib/http.ts': unbounded })).toEqual(['4 missing-timeout']);
    expect(await found({ 'handler.ts': main, ...again, 'lib/http.ts': bounded })).toEqual([]);
  });

  test('through an alias of tsconfig.json', async () => {
    const main = call('import { http } from "@lib/http";');
    const config = { 'tsconfig.json': '{ // aliases\n "compilerOptions": { "paths": { "@lib/*": ["lib/*"], }, }, }' };
    expect(await found({ 'handler.ts': main, ...config, 'lib/http.ts': unbounded })).toEqual(['4 missing-timeout']);
    expect(await found({ 'handler.ts': main, ...config, 'lib/http.ts': bounded })).toEqual([]);
  });

  test('by a factory with parameters, or one that hands on what it is given', async () => {
    const main = call('import { make } from "./lib/http"; const http = make("https://a");');
    const factory =
      'import axios from "axios";\nexport const make = (baseURL: string) => axios.create({ baseURL, timeout: 5 });';
    expect(await found({ 'handler.ts': main, 'lib/http.ts': factory })).toEqual([]);
    const traced = call('import axios from "axios"; import { traced } from "./lib/http"; const http = traced(axios);');
    const wrapper = 'export function traced(client) { client.interceptors.request.use(log); return client; }';
    expect(await found({ 'handler.ts': traced, 'lib/http.ts': wrapper })).toEqual(['4 missing-timeout']);
  });
});

describe('a helper in another file', () => {
  const main = `import { load } from "./store";\nexport const handler = async (event: APIGatewayProxyEvent) => {\n  const item = await load(event.pathParameters.id);\n  return { statusCode: 200, body: item };\n};\n`;

  test('lets its failure escape, or catches it', async () => {
    const io = 'await fetch("https://a/" + id, { signal: AbortSignal.timeout(5) })';
    expect(await found({ 'handler.ts': main, 'store.ts': `export async function load(id) { return ${io}; }` })).toEqual(
      ['3 unhandled-io'],
    );
    const caught = `export async function load(id) { try { return ${io}; } catch { return fallback; } }`;
    expect(await found({ 'handler.ts': main, 'store.ts': caught })).toEqual([]);
  });

  test('may be a method of an instance', async () => {
    const method = main.replace('await load(', 'await store.load(').replace('{ load }', '{ store }');
    const file = `class Store { async load(id) { return (await fetch("https://a/" + id, { signal: s })).json(); } }\nexport const store = new Store();`;
    expect(await found({ 'handler.ts': method, 'store.ts': file })).toEqual(['3 unhandled-io']);
  });
});

test('files that import each other, or do not parse, end nothing', async () => {
  const a = `import { b } from "./b";\nexport const a = b;\nexport const handler = async () => { await a.get(); };\n`;
  expect(await found({ 'handler.ts': a, 'b.ts': 'export { a as b } from "./handler";' })).toEqual([]);
  expect(await found({ 'handler.ts': a, 'b.ts': 'export const b = {' })).toEqual([]);
});
