import { describe, expect, test } from 'vitest';
import { createLinter } from '../../index.js';
import type { ProjectFiles } from '../../index.js';

function projectOf(project: Readonly<Record<string, string>>): ProjectFiles {
  return {
    read: (path: string) => project[path.slice('/p/'.length)],
    isFile: (path: string) => project[path.slice('/p/'.length)] !== undefined,
  };
}

/** Lints one file of a project and gives `line rule` of what was found. */
async function found(project: Readonly<Record<string, string>>, main = 'handler.py'): Promise<string[]> {
  const linter = await createLinter({ files: projectOf(project), languages: ['python'] });
  const findings = linter.lintText(project[main] ?? '', { file: `/p/${main}` });
  return findings.map((each) => `${String(each.range.start.line)} ${each.rule}`);
}

const use = (importLine: string, client = 'session'): string =>
  `${importLine}\ndef load(url):\n    return ${client}.get(url).json()\n`;
const plain = 'import requests\nsession = requests.Session()\n';
const bounded =
  'import functools\nimport requests\nsession = requests.Session()\nsession.request = functools.partial(session.request, timeout=2)\n';

describe('a session made in another file', () => {
  test.each([
    ['beside it, by its relative name', 'from .http import session', 'handler.py', 'http.py'],
    ['above it', 'from ..lib.net import session', 'fn/orders/handler.py', 'fn/lib/net.py'],
    ['as a member of a package', 'from . import net\nsession = net.session', 'handler.py', 'net.py'],
    ['beside it, by its absolute name', 'from net import session', 'handler.py', 'net.py'],
    ['under another name', 'from net import session as s\nsession = s', 'handler.py', 'net.py'],
    ['in a folder without __init__', 'import lib.net\nsession = lib.net.session', 'handler.py', 'lib/net.py'],
    ['in a package', 'from lib import session', 'handler.py', 'lib/__init__.py'],
    ['in a folder above', 'from common.net import session', 'src/orders/handler.py', 'src/common/net.py'],
    ['below src', 'from net import session', 'functions/a/handler.py', 'src/net.py'],
    ['in a layer', 'from net import session', 'functions/a/handler.py', 'layer/python/net.py'],
    ['with everything else of the file', 'from net import *', 'handler.py', 'net.py'],
  ])('%s', async (_, importLine, main, file) => {
    const code = use(importLine);
    const line = String(code.split('\n').findIndex((each) => each.includes('.get(')) + 1);
    expect(await found({ [main]: code, [file]: plain }, main)).toEqual([`${line} missing-timeout`]);
    expect(await found({ [main]: code, [file]: bounded }, main)).toEqual([]);
  });

  test('through another file that imports it', async () => {
    const main = use('from lib import client as session');
    const again = { 'lib/__init__.py': 'from .net import session as client\n' };
    expect(await found({ 'handler.py': main, ...again, 'lib/net.py': plain })).toEqual(['3 missing-timeout']);
    expect(await found({ 'handler.py': main, ...again, 'lib/net.py': bounded })).toEqual([]);
  });
});

describe('what makes a client', () => {
  const make = 'import requests\n';
  test.each([
    [
      'a factory with parameters',
      'def make(token):\n    s = requests.Session()\n    s.headers["a"] = token\n    return s',
      'make("t")',
    ],
    [
      'a cached factory',
      'import functools\n@functools.lru_cache\ndef make():\n    return requests.Session()',
      'make()',
    ],
    ['one that hands on what it is given', 'def traced(s):\n    return s', 'traced(requests.Session())'],
    [
      'an instance with a field',
      'class Api:\n    def __init__(self):\n        self.http = requests.Session()',
      'Api().http',
    ],
    ['a property', 'class Api:\n    @property\n    def http(self):\n        return requests.Session()', 'Api().http'],
    ['a method', 'class Api:\n    def http(self):\n        return requests.Session()', 'Api().http()'],
    ['an attribute of a class', 'class Api:\n    http = requests.Session()', 'Api.http'],
    [
      'a field of a class inherited from',
      'class Base:\n    def __init__(self):\n        self.http = requests.Session()\nclass Api(Base):\n    pass',
      'Api().http',
    ],
    ['a class that extends a session', 'class Api(requests.Session):\n    """Ours."""', 'Api()'],
    [
      'a global that a function sets',
      'http = None\ndef connect():\n    global http\n    http = requests.Session()',
      'http',
    ],
    ['one of two names', 'http, other = requests.Session(), 1', 'http'],
    ['a conditional', 'http = requests.Session() if reuse else requests', 'http'],
    [
      'a partial without a limit',
      'import functools\nclass Api:\n    get = functools.partial(requests.get, verify=False)',
      'Api',
    ],
  ])('%s, here and in another file', async (_, definition, client) => {
    const lines = `${make}${definition}\n`;
    const here = `${lines}client = ${client}\nclient.get(url)\n`;
    const expected = (code: string): string[] => [`${String(code.split('\n').length - 1)} missing-timeout`];
    expect(await found({ 'handler.py': here })).toEqual(expected(here));
    const there = `import requests\nimport lib\nfrom lib import *\nclient = ${client}\nclient.get(url)\n`;
    expect(await found({ 'handler.py': there, 'lib.py': lines })).toEqual(expected(there));
  });

  test('a context manager of the project’s own', async () => {
    const lib =
      'from contextlib import contextmanager\nimport requests\n@contextmanager\ndef http():\n    with requests.Session() as s:\n        yield s\n';
    expect(
      await found({ 'handler.py': 'from lib import http\nwith http() as h:\n    h.get(url)\n', 'lib.py': lib }),
    ).toEqual(['3 missing-timeout']);
  });

  test.each([
    [
      'a partial with a limit',
      'import functools, requests\nget = functools.partial(requests.get, timeout=2)\nget(url)',
    ],
    [
      'a class that sends with a limit',
      'import requests\nclass Api(requests.Session):\n    def request(self, *a, **k):\n        return super().request(*a, timeout=2, **k)\nApi().get(url)',
    ],
    ['a parameter that nothing shows', 'def load(session):\n    session.get(url)'],
    ['a loop over clients', 'import requests\nfor requests in others:\n    requests.get(url)'],
    ['what a client answered', 'import requests\ndef load():\n    return requests.get(url, timeout=2)\nload().get(1)'],
    ['options of another file', 'from lib import options\nimport requests\nrequests.get(url, **options)'],
  ])('%s is none', async (_, code) => {
    const lib = 'base = {"timeout": 2}\noptions = {**base, "verify": False}\n';
    expect(await found({ 'handler.py': code, 'lib.py': lib })).toEqual([]);
  });
});

describe('the project’s files', () => {
  test('that were read are the dependencies, until they change', async () => {
    const project: Record<string, string> = {
      'handler.py': use('from a import session'),
      'a.py': 'from b import session',
      'b.py': plain,
    };
    const linter = await createLinter({ files: projectOf(project), languages: ['python'] });
    const lint = (): number => linter.lintText(project['handler.py'] ?? '', { file: '/p/handler.py' }).length;
    expect(lint()).toBe(1);
    expect(linter.dependencies('/p/handler.py')).toEqual(['/p/a.py', '/p/b.py']);
    project['b.py'] = bounded;
    linter.forget('/p/b.py');
    expect(lint()).toBe(0);
  });

  test('may import each other, or not parse', async () => {
    const a = 'from b import x\ny = x\nx.get(1)\nclass A(A): pass\nself.x = self.x.y\n';
    expect(await found({ 'handler.py': a, 'b.py': 'from handler import y as x\nfrom b import *\n' })).toEqual([]);
    expect(await found({ 'handler.py': a, 'b.py': 'x = (' })).toEqual([]);
  });

  test('may nest deeper than a stack', async () => {
    const deep = `x = ${'['.repeat(3_000)}${']'.repeat(3_000)}\ny = a${'.b()'.repeat(3_000)}\n`;
    expect(await found({ 'handler.py': deep })).toEqual([]);
  });

  test('are never reported at from the file that imports them', async () => {
    const lib = 'import requests\ndef load(url):\n    return requests.get(url)\n';
    expect(await found({ 'handler.py': 'from lib import load\nload(url)\n', 'lib.py': lib })).toEqual([]);
  });
});
