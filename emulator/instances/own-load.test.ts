import { expect, it } from 'vitest';
import { ownLoad } from './own-load.js';

it('tells whether the emulator was at work since it was last asked', async () => {
  const loaded = ownLoad();
  const until = performance.now() + 50;
  while (performance.now() < until);
  expect(loaded()).toBe(true);
  // Nothing was done since the last question but to ask this one, much later.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(loaded()).toBe(false);
});
