import { expect, it } from 'vitest';
import { requestSpecs } from './request-faults.js';

it.each([
  ['latency', [{ kind: 'latency', params: {} }]],
  [
    ' latency ms=500 when=after ; network mode=reset hosts=["a","b:1"];',
    [
      { kind: 'latency', params: { ms: 500, when: 'after' } },
      { kind: 'network', params: { mode: 'reset', hosts: ['a', 'b:1'] } },
    ],
  ],
  ['{"kind":"hang"}', [{ kind: 'hang' }]],
  ['[{"kind":"hang"},{"kind":"crash","rate":5}]', [{ kind: 'hang' }, { kind: 'crash', rate: 5 }]],
  ['', []],
])('%s', (header, specs) => {
  expect(requestSpecs(header)).toEqual(specs);
});

it('a parameter named __proto__ is a parameter like any other', () => {
  const [spec] = requestSpecs('latency __proto__=1');
  expect(Object.keys(spec?.params ?? {})).toEqual(['__proto__']);
});

it.each([
  ['{"kind":', /is no JSON/],
  ['latency 500', /"500" is no key=value/],
  ['latncy ms=5', /no fault kind "latncy"/],
])('refuses %s', (header, message) => {
  expect(() => requestSpecs(header)).toThrow(message);
});
