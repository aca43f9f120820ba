import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace } from '../../test/support/workspace.js';
import type { TestWorkspace } from '../../test/support/workspace.js';
import { readEvent } from './invoke.js';

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await createWorkspace({
    'event.json': '\uFEFF{"a":1}',
    'bad.json': '{\n  "a": 1,\n  "b" 2\n}\n',
    'short.json': '{"a": [1, 2',
    'empty.json': '',
    'word.json': '{"a": yes}',
  });
});
afterEach(() => workspace[Symbol.asyncDispose]());

const read = (given: string, stdin = ''): Promise<unknown> =>
  readEvent(given, { cwd: workspace.root, stdin: () => Promise.resolve(stdin) });

describe('--event', () => {
  it('is a file, standard input, or JSON', async () => {
    expect(await read('event.json')).toEqual({ a: 1 });
    expect(await read('-', '[1,2]')).toEqual([1, 2]);
    expect(await read(' {"b":2}')).toEqual({ b: 2 });
    expect(await Promise.all(['"x"', '-1', 'true', 'null'].map((text) => read(text)))).toEqual(['x', -1, true, null]);
  });

  it.each([
    ['bad.json', 3, 7],
    ['short.json', 1, 12],
    ['word.json', 1, 7],
    ['empty.json', 1, 1],
  ])('%s is wrong at %d:%d', async (name, line, column) => {
    await expect(read(name)).rejects.toMatchObject({
      code: 'EVENT_INVALID',
      place: { file: `${workspace.root}/${name}`, line, column },
    });
  });

  it('says the position of what has no file, in the message, on one line', async () => {
    await expect(read('{"a":1,}')).rejects.toMatchObject({
      message: expect.stringMatching(/line 1, column 8: [^\n]+$/),
    });
    await expect(read('-', '{"a"\n:}')).rejects.toMatchObject({
      message: expect.stringMatching(/^standard input is not JSON, line 2, column 2: Unexpected token '}'$/),
    });
    await expect(read('-')).rejects.toMatchObject({ hint: expect.stringContaining('{}') });
  });

  it('is told when it is neither a file nor JSON', async () => {
    await expect(read('evnt.json')).rejects.toMatchObject({
      code: 'EVENT_INVALID',
      message: 'evnt.json is neither a file nor JSON',
    });
  });
});
