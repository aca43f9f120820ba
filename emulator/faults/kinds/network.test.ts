import { describe, expect, it } from 'vitest';
import { testEngine, underFaults } from '../fixture.js';

describe('network', () => {
  it('refuses every connection unless told otherwise', () => {
    const { plan, engine } = underFaults({ kind: 'network' });
    expect(plan.effects).toEqual([{ type: 'network', fault: 'network-1', mode: 'refused', hosts: [] }]);
    expect(engine.list()[0]?.summary).toBe('connections to every host: refused');
  });

  it('names the hosts', () => {
    const hosts = ['*.example.com', '127.0.0.1:5432'];
    const { plan, engine } = underFaults({ kind: 'network', params: { mode: 'timeout', hosts } });
    expect(plan.effects).toEqual([{ type: 'network', fault: 'network-1', mode: 'timeout', hosts }]);
    expect(engine.list()[0]?.summary).toBe('connections to *.example.com, 127.0.0.1:5432: timeout');
  });

  it('does not resolve names, for good or for now', () => {
    const params = { mode: 'dns', code: 'EAI_AGAIN', hosts: ['db.internal'] };
    const { plan, engine } = underFaults({ kind: 'network', params });
    expect(plan.effects).toEqual([{ type: 'network', fault: 'network-1', ...params }]);
    expect(engine.list()[0]?.summary).toBe('look-ups of db.internal: EAI_AGAIN');
  });

  it('counts only when a connection was hit, and once for an invocation', async () => {
    const { plan, run, engine } = underFaults({ kind: 'network', params: { hosts: ['db'] } });
    await run();
    plan.operation({ kind: 'connect', target: 'other:443', at: 1 });
    expect(plan.hits).toEqual([]);
    expect(engine.list()[0]).toMatchObject({ matched: 1, injected: 0 });
    plan.operation({ kind: 'connect', target: 'db:5432', at: 2, fault: 'network-1', saw: 'ECONNREFUSED' });
    plan.operation({ kind: 'connect', target: 'db:5432', at: 3, fault: 'network-1' });
    expect(plan.hits).toEqual([{ fault: 'network-1', kind: 'network', where: 'connect db:5432', saw: 'ECONNREFUSED' }]);
    expect(engine.list()[0]).toMatchObject({ matched: 1, injected: 1 });
  });

  it('refuses a URL in place of a host', () => {
    const add = () => testEngine().engine.add({ kind: 'network', params: { hosts: ['https://example.com/'] } });
    expect(add).toThrow('params.hosts.0 is wrong: not a host');
  });
});
