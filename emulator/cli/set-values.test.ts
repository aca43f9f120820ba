import { describe, expect, it } from 'vitest';
import type { ParameterSchema } from '../contract/catalog.js';
import { parseSettings } from './set-values.js';

const schema: ParameterSchema = {
  type: 'object',
  properties: {
    ms: { type: 'number' },
    code: { type: 'integer' },
    quick: { type: 'boolean' },
    mode: { type: 'string' },
    hosts: { type: 'array', items: { type: 'string' } },
    ports: { type: 'array', items: { type: 'number' } },
    match: { type: 'object', properties: { path: { type: 'string' }, share: { type: 'number' } } },
  },
};
const set = (...settings: [string, string][]) => parseSettings(settings, schema);

describe('--set', () => {
  it('reads values as the kind’s schema says', () => {
    expect(
      set(['ms', '8.5'], ['code', '503'], ['quick', 'true'], ['mode', '42'], ['hosts', 'a, b:80'], ['ports', '1,2']),
    ).toEqual({ ms: 8.5, code: 503, quick: true, mode: '42', hosts: ['a', 'b:80'], ports: [1, 2] });
  });

  it('reads lists and objects as JSON too, and the empty list', () => {
    expect(set(['hosts', '["a,b"]'])).toEqual({ hosts: ['a,b'] });
    expect(set(['hosts', ''])).toEqual({ hosts: [] });
    expect(set(['match', '{"path":"x"}'])).toEqual({ match: { path: 'x' } });
  });

  it('reaches into objects with a dot', () => {
    expect(set(['match.path', '1'], ['match.share', '0.5'])).toEqual({ match: { path: '1', share: 0.5 } });
  });

  it('keeps what does not fit as it was written: the emulator explains it', () => {
    expect(set(['ms', 'abc'], ['ms2', 'x'], ['quick', 'yes'])).toEqual({ ms: 'abc', ms2: 'x', quick: 'yes' });
    expect(set(['ms', ''])).toEqual({ ms: '' });
  });

  it('lets the last of two win, and takes no key for more than a key', () => {
    expect(set(['ms', '1'], ['ms', '2'])).toEqual({ ms: 2 });
    const params = set(['__proto__.polluted', 'true']);
    expect(Object.keys(params)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
