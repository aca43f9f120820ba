import { describe, expect, it } from 'vitest';
import { underFaults } from '../fixture.js';

describe('hang', () => {
  it('waits for ever before the handler', () => {
    expect(underFaults({ kind: 'hang' }).plan.effects).toEqual([{ type: 'hang', mode: 'idle', when: 'before' }]);
  });

  it('can block the event loop, after the handler', () => {
    const { plan, engine } = underFaults({ kind: 'hang', params: { mode: 'busy', when: 'after' } });
    expect(plan.effects).toEqual([{ type: 'hang', mode: 'busy', when: 'after' }]);
    expect(engine.list()[0]?.summary).toBe('hangs (busy) after the handler');
  });
});
