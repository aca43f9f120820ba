import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FaultlineError } from '../../contract/errors.js';
import { readDocument } from './document.js';

const JSON_TEXT = '{\n\t"a": {\n\t\t"b": [1, {"c": "x"}]\n\t}\n}\n';

function thrown(act: () => unknown): FaultlineError {
  try {
    act();
  } catch (error) {
    return error as FaultlineError;
  }
  throw new Error('nothing was thrown');
}

describe('readDocument', () => {
  it('reads JSON, indented with tabs too, and knows where everything is', () => {
    const document = readDocument(JSON_TEXT, '/w/a.json');
    expect(document.value).toEqual({ a: { b: [1, { c: 'x' }] } });
    expect(document.placeOf(['a', 'b', 1, 'c'])).toEqual({ file: '/w/a.json', line: 3, column: 13, key: 'a.b[1].c' });
    expect(document.placeOf(['a', 'b', 0])).toMatchObject({ line: 3, column: 9 });
    expect(document.placeOf([])).toEqual({ file: '/w/a.json', line: 1, column: 1 });
  });

  it('what is missing is where it should be', () => {
    expect(readDocument(JSON_TEXT, '/w/a.json').placeOf(['a', 'z', 'y'])).toMatchObject({ line: 2, key: 'a.z.y' });
  });

  it.each([
    ['{\n  "a": 1,\n  "b": \n}}', 'JSON', 4],
    ['{\n  "a": 1\n  "b": 2\n}', 'JSON', 2],
    ['[1, 2', 'JSON', 1],
    ['a: 1\nb: "2\n', 'YAML', 3],
  ])('tells the line of what is wrong: %j', (text, kind, line) => {
    const { code, message, place } = thrown(() => readDocument(text, '/w/a.json'));
    expect(code).toBe('EXPERIMENT_INVALID');
    expect(message).toMatch(new RegExp(`^a\\.json: is not ${kind}: \\S`));
    expect(place).toMatchObject({ file: '/w/a.json', line });
  });

  it('refuses YAML whose aliases multiply without end', () => {
    const lines = Array.from(
      { length: 12 },
      (_, i) => `a${String(i + 1)}: &a${String(i + 1)} [${`*a${String(i)}, `.repeat(9)}]`,
    );
    const text = ['a0: &a0 [x]', ...lines].join('\n');
    expect(thrown(() => readDocument(text, '/w/a.yaml'))).toMatchObject({ code: 'EXPERIMENT_INVALID' });
  });

  it('refuses an empty file', () => {
    expect(thrown(() => readDocument('', '/w/a.json')).message).toBe('a.json: is empty');
  });

  it('checks against a schema, and tells every issue with its line', () => {
    const schema = z.looseObject({ a: z.looseObject({ b: z.string(), d: z.number() }) });
    const { all } = thrown(() => readDocument(JSON_TEXT, '/w/a.json').check(schema));
    expect(all?.map(({ place }) => [place?.line, place?.key])).toEqual([
      [3, 'a.b'],
      [2, 'a.d'],
    ]);
  });
});
