import { expect, it } from 'vitest';
import type { InvocationRecord } from '../../contract/records.js';
import { hitBy } from './hit.js';

const hits: InvocationRecord['faults'] = [
  { fault: 'network-2', kind: 'network', where: 'connect db:5432', saw: 'ECONNREFUSED' },
  { fault: 'hang-1', kind: 'hang', dryRun: true },
];
const record = { function: 'orders', number: 4, faults: hits } as unknown as InvocationRecord;

it.each([
  ['the id', 'network-2', true],
  ['the kind', 'network', true],
  ['what faults.add gave', { id: 'network-2' }, true],
  ['another one of that kind', 'network-1', false],
  ['one that ran dry', 'hang', false],
])('by %s', (_what, fault, pass) => {
  expect(hitBy(record, fault).pass).toBe(pass);
  expect(hitBy({ requestId: 'r', ok: true, record }, fault).pass).toBe(pass);
});

it('tells what hit it instead', () => {
  expect(hitBy(record, 'hang').message).toBe(
    'expected invocation 4 of orders to be hit by hang: it was hit by network-2, connect db:5432, ECONNREFUSED',
  );
  expect(hitBy({ ...record, faults: [] }, 'hang').message).toMatch(/: no fault hit it$/);
});

it.each([undefined, {}, 'r1', new Response()])('%s is no invocation', (value) => {
  expect(() => hitBy(value, 'hang')).toThrow('toBeHitBy wants the result of an invocation');
});
