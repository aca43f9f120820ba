import { describe, expect, it } from 'vitest';
import { scopeFields, scopeProblem, scopeSpec } from './fault-fields.js';
import { faultSpecSchema } from './faults.js';
import { english } from './webview.js';

const fields = scopeFields(english);
const initial = Object.fromEntries(fields.map(({ name, initial: value }) => [name, value]));
const field = (name: string) => {
  const found = fields.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe('the fields that every fault has', () => {
  it('make a spec with nothing but their defaults', () => {
    expect(scopeSpec(initial)).toEqual({ rate: 100, for: '10m' });
    for (const one of fields) expect(scopeProblem(one, one.initial, english)).toBeUndefined();
  });

  it('make a spec that the engine takes', () => {
    const typed = {
      '(rate)': '25',
      '(for)': '30s',
      '(match)': 'route=POST /orders; event.$.sku^=ap',
      '(pick)': 'first 3',
      '(atOnce)': '2',
      '(ramp)': '10s',
      '(dryRun)': 'true',
    };
    const spec = scopeSpec(typed);
    expect(spec).toEqual({
      rate: 25,
      for: '30s',
      match: { route: 'POST /orders', event: { '$.sku': { startsWith: 'ap' } } },
      first: 3,
      atOnce: 2,
      ramp: '10s',
      dryRun: true,
    });
    expect(faultSpecSchema.safeParse({ kind: 'latency', ...spec }).success).toBe(true);
  });

  it.each([
    ['(for)', 'soon', /250ms, 30s/],
    ['(for)', '', /250ms, 30s/],
    ['(ramp)', 'slowly', /250ms, 30s/],
    ['(rate)', '101', /100 or less/],
    ['(match)', 'colour=red', /keys: route/],
    ['(pick)', 'often', /first 3/],
    ['(atOnce)', '0', /1 or more/],
  ])('%s says what is wrong with %j', (name, typed, message) => {
    expect(scopeProblem(field(name), typed, english)).toMatch(message);
  });
});
