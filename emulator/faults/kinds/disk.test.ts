import { describe, expect, it } from 'vitest';
import { testEngine, underFaults } from '../fixture.js';

describe('disk', () => {
  it('is full everywhere unless told otherwise', () => {
    const { plan, engine } = underFaults({ kind: 'disk' });
    expect(plan.effects).toEqual([{ type: 'disk', fault: 'disk-1', freeBytes: 0, paths: [] }]);
    expect(engine.list()[0]?.summary).toBe('every disk full');
  });

  it('can have room left, and be one of several', () => {
    const { plan, engine } = underFaults({ kind: 'disk', params: { freeMb: 1.5, paths: ['/tmp', '*.sqlite'] } });
    expect(plan.effects).toEqual([
      { type: 'disk', fault: 'disk-1', freeBytes: 1_572_864, paths: ['/tmp', '*.sqlite'] },
    ]);
    expect(engine.list()[0]?.summary).toBe('/tmp, *.sqlite full after 1.5 MB');
  });

  it('counts only when a write was hit', async () => {
    const { plan, run, engine } = underFaults({ kind: 'disk' });
    await run();
    expect([plan.hits, engine.list()[0]?.injected]).toEqual([[], 0]);
    plan.operation({ kind: 'write', target: '/tmp/a', at: 1, fault: 'disk-1', saw: 'ENOSPC' });
    expect(plan.hits).toEqual([{ fault: 'disk-1', kind: 'disk', where: 'write /tmp/a', saw: 'ENOSPC' }]);
    expect(engine.list()[0]?.injected).toBe(1);
  });

  it('refuses a path that depends on where somebody is', () => {
    const add = () => testEngine().engine.add({ kind: 'disk', params: { paths: ['data'] } });
    expect(add).toThrow('params.paths.0 is wrong: not an absolute path; write /tmp');
  });
});
