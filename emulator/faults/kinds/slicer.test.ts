import { describe, expect, it } from 'vitest';
import { testEngine } from '../fixture.js';

describe('slicer', () => {
  const summary = (params: Record<string, unknown>) => testEngine().engine.add({ kind: 'slicer', params }).summary;

  it('says what it does', () => {
    expect(summary({})).toBe('connections to every host: pieces of 128 ± 64 bytes every 10 ms');
    expect(summary({ averageSize: 1, sizeVariation: 0, delayMs: 0 })).toBe(
      'connections to every host: pieces of 1 bytes',
    );
  });

  it('refuses a variation that would make pieces of nothing', () => {
    expect(() => summary({ averageSize: 10, sizeVariation: 10 })).toThrow(
      'params.sizeVariation is wrong: must be below averageSize',
    );
  });
});
