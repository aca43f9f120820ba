import { describe, expect, it } from 'vitest';
import { Dedicated, type DedicatedHost } from './dedicated.js';
import type { ProcessInstance } from './instance.js';
import type { Version } from './loader.js';
import { initFailed } from './outcomes.js';
import type { CandidateOutcome } from './roster.js';

function subject(): {
  dedicated: Dedicated;
  trail: string[];
  load(): void;
  end(outcome: CandidateOutcome): void;
} {
  const trail: string[] = [];
  const ends: ((outcome: CandidateOutcome) => void)[] = [];
  let version: Version | undefined;
  const instance = { run: () => undefined } as unknown as ProcessInstance;
  const host: DedicatedHost = {
    current: () => version,
    load: () => trail.push('load'),
    start: () => {
      trail.push('start');
      return { instance, outcome: new Promise((resolve) => ends.push(resolve)) };
    },
    reserve: () => trail.push('reserve'),
  };
  return {
    dedicated: new Dedicated(host),
    trail,
    load: () => (version = {} as Version),
    end: (outcome) => ends.shift()?.(outcome),
  };
}

describe('Dedicated', () => {
  it('starts one for each who asks, once there is a version to start', async () => {
    const { dedicated, trail, load, end } = subject();
    const both = [dedicated.acquire(), dedicated.acquire()];
    expect(trail).toEqual(['load', 'load']);
    load();
    dedicated.serve();
    expect(trail.slice(2)).toEqual(['start', 'start']);
    expect(dedicated.size).toBe(2);
    end('ready');
    end('ready');
    await Promise.all(both);
    expect(trail.slice(4)).toEqual(['reserve', 'reserve']);
    expect(dedicated.size).toBe(0);
  });

  it('tells why there is none: it does not load, was killed, cannot be built', async () => {
    const { dedicated, load, end } = subject();
    const unbuilt = dedicated.acquire();
    dedicated.fail(initFailed('Runtime.BuildFailed', 'no'));
    expect(await unbuilt).toMatchObject({ type: 'Runtime.BuildFailed' });
    load();
    const failed = dedicated.acquire();
    end({ failure: initFailed('Error', 'at load') });
    expect(await failed).toMatchObject({ kind: 'init', message: 'at load' });
    const killed = dedicated.acquire();
    end('killed');
    expect(await killed).toMatchObject({ kind: 'init', type: 'Runtime.ExitError' });
  });
});
