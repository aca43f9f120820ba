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

  it('takes a size alone', () => {
    expect(summary({ averageSize: 5, delayMs: 0 })).toBe('connections to every host: pieces of 5 ± 64 bytes');
  });

  it('refuses a size of nothing', () => {
    expect(() => summary({ averageSize: 0 })).toThrow('params.averageSize is wrong');
  });
});
