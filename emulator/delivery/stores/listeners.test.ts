import { expect, it } from 'vitest';
import { Listeners } from './listeners.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('calls each of a queue once for what happens in one go, and all of them when asked to', async () => {
  const listeners = new Listeners();
  const calls: string[] = [];
  const end = listeners.add('a', () => calls.push('a1'));
  listeners.add('a', () => calls.push('a2'));
  listeners.add('b', () => calls.push('b'));
  for (const queue of ['a', 'a', 'nobody']) listeners.tell(queue);
  await settled();
  expect(calls.splice(0)).toEqual(['a1', 'a2']);
  end();
  listeners.tellAll();
  await settled();
  expect(calls.splice(0)).toEqual(['a2', 'b']);
  listeners.tell('a');
  listeners.close();
  await settled();
  expect(calls).toEqual([]);
});

it('lets a listener tell again', async () => {
  const listeners = new Listeners();
  let left = 3;
  listeners.add('a', () => {
    if (--left > 0) listeners.tell('a');
  });
  listeners.tell('a');
  await settled();
  expect(left).toBe(0);
});
