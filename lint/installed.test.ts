import { describe, expect, test } from 'vitest';
import { installedIn, lowestOf } from './installed.js';

/** A project of some files. */
function project(texts: Readonly<Record<string, string>>): Parameters<typeof installedIn>[0] {
  return { read: (path) => texts[path], isFile: (path) => texts[path] !== undefined };
}

describe('packages of npm', () => {
  const files = project({
    '/p/node_modules/axios/package.json': '{"name":"axios","version":"1.7.2"}',
    '/p/node_modules/got/package.json': '{"name":"got","version":"11.8.6"}',
    '/p/api/node_modules/got/package.json': '{"name":"got","version":"14.4.1"}',
    '/p/package.json': '{"dependencies":{"axios":"^0.21.0","redis":"^4.6.0"},"devDependencies":{"pg":"~8.11"}}',
    '/p/api/package.json': '{"dependencies":{"redis":"5 || 3.1.2"}}',
    '/broken/package.json': '{"dependencies":',
  });

  test.each([
    ['what is installed comes before what is asked for', '/p/a.ts', 'axios', '1.7.2'],
    ['the nearest node_modules', '/p/api/src/a.ts', 'got', '14.4.1'],
    ['the one above', '/p/b/a.mjs', 'got', '11.8.6'],
    ['the lowest of the range', '/p/a.ts', 'redis', '4.6.0'],
    ['the nearest package.json', '/p/api/a.js', 'redis', '3.1.2'],
    ['what a nearer package.json does not name', '/p/api/a.js', 'pg', '8.11'],
    ['nothing', '/p/a.ts', 'mysql', undefined],
    ['a broken package.json says nothing', '/broken/a.ts', 'axios', undefined],
    ['a name that is none', '/p/a.ts', '../axios', undefined],
    ['Windows', 'C:\\p\\a.ts', 'axios', undefined],
  ])('%s', (_, from, name, version) => {
    expect(installedIn(files, from)(name)).toBe(version);
  });

  test('a file that has changed is read again', () => {
    const texts = { '/p/package.json': '{"dependencies":{"got":"11.0.0"}}' };
    const files = project(texts);
    expect(installedIn(files, '/p/a.ts')('got')).toBe('11.0.0');
    texts['/p/package.json'] = '{"dependencies":{"got":"14.0.0"}}';
    expect(installedIn(files, '/p/a.ts')('got')).toBe('14.0.0');
  });
});

test.each([
  ['^1.2.3', '1.2.3'],
  ['~2', '2'],
  ['>=4 <6', '4'],
  ['1.x', '1'],
  ['^2.0.0 || ^3.0.0', '2.0.0'],
  ['npm:other@3.1.0', '3.1.0'],
  ['workspace:^1.0.0', '1.0.0'],
  ['<5', undefined],
  ['*', undefined],
  ['latest', undefined],
  ['github:a/b#v1', undefined],
  ['file:../x', undefined],
  ['https://a.example/1.tgz', undefined],
])('the lowest of %s is %s', (range, lowest) => {
  expect(lowestOf(range)).toBe(lowest);
});

describe('distributions of Python', () => {
  const files = project({
    '/p/requirements.txt':
      '# comment\nredis[hiredis]==6.0.0 ; python_version > "3.8"\nrequests>=2.31\nboto3\nPyMySQL ~= 1.1\nnumpy<2\n',
    '/lock/Pipfile.lock': '{"default":{"redis":{"version":"==5.0.1"}}}',
    '/lock/requirements.txt': 'redis==3.0.0',
    '/poetry/poetry.lock':
      '[[package]]\nname = "redis"\nversion = "4.5.0"\n\n[[package]]\nname = "Py-Mongo"\nversion = "4.6.1"\n',
    '/toml/pyproject.toml':
      '[project]\nname = "x"\ndependencies = [\n  "redis>=5.0,<6",\n  "httpx",\n]\n[tool.poetry.dependencies]\npython = "^3.11"\npymongo = "^4.5"\nboto3 = { version = "^1.28", extras = ["crt"] }\n[tool.x]\nredis = "9"\n',
    '/broken/Pipfile.lock': '{',
  });

  test.each([
    ['/p/a.py', 'redis', '6.0.0'],
    ['/p/src/a.py', 'requests', '2.31'],
    ['/p/a.py', 'boto3', undefined],
    ['/p/a.py', 'pymysql', '1.1'],
    ['/p/a.py', 'numpy', undefined],
    ['/lock/a.py', 'redis', '5.0.1'],
    ['/poetry/a.py', 'redis', '4.5.0'],
    ['/poetry/a.py', 'py_mongo', '4.6.1'],
    ['/toml/a.py', 'redis', '5.0'],
    ['/toml/a.py', 'pymongo', '4.5'],
    ['/toml/a.py', 'boto3', '1.28'],
    ['/broken/a.py', 'redis', undefined],
  ])('%s: %s is %s', (from, name, version) => {
    expect(installedIn(files, from)(name)).toBe(version);
  });
});
