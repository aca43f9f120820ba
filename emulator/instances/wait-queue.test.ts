import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { initFailed } from './outcomes.js';
import type { Instance } from './types.js';
import { MAX_WAITING, WaitQueue } from './wait-queue.js';

const instance = (id: string): Instance => ({ id }) as Instance;
const throttled = expect.objectContaining({ kind: 'throttled', type: 'TooManyRequestsException' });

function make(limitMs = 3_000): { clock: VirtualClock; queue: WaitQueue; outcomes: unknown[]; wait: () => void } {
  const clock = new VirtualClock();
  const queue = new WaitQueue(clock, () => limitMs);
  const outcomes: unknown[] = [];
  let count = 0;
  const wait = (): void => {
    const name = count++;
    void queue.wait().then((outcome) => outcomes.push('id' in outcome ? `${name}:${outcome.id}` : outcome));
  };
  return { clock, queue, outcomes, wait };
}

describe('WaitQueue', () => {
  it('serves in order of arrival', async () => {
    const { clock, queue, outcomes, wait } = make();
    for (let i = 0; i < 3; i++) wait();
    expect(queue.serve(instance('a'))).toBe(true);
    wait();
    for (const id of ['b', 'c', 'd']) queue.serve(instance(id));
    await clock.advance(0);
    expect(outcomes).toEqual(['0:a', '1:b', '2:c', '3:d']);
    expect(queue.serve(instance('e'))).toBe(false);
  });

  it('throttles each after its own limit, not before', async () => {
    const { clock, queue, outcomes, wait } = make(3_000);
    wait();
    await clock.advance(1_000);
    wait();
    await clock.advance(1_999);
    expect(outcomes).toEqual([]);
    await clock.advance(1);
    expect(outcomes).toEqual([throttled]);
    await clock.advance(999);
    expect(queue.size).toBe(1);
    await clock.advance(1);
    expect(outcomes).toEqual([throttled, throttled]);
  });

  it('answers with the payload of the Invoke API', async () => {
    const { clock, outcomes, wait } = make(10);
    wait();
    await clock.advance(10);
    const { payload } = outcomes[0] as { payload: Buffer };
    expect(JSON.parse(payload.toString())).toEqual({
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      Type: 'User',
      message: 'Rate Exceeded.',
    });
  });

  it('throttles at once what comes when it is full', async () => {
    const { clock, queue, outcomes, wait } = make();
    for (let i = 0; i <= MAX_WAITING; i++) wait();
    await clock.advance(0);
    expect(queue.size).toBe(MAX_WAITING);
    expect(outcomes).toEqual([throttled]);
  });

  it('keeps its order over many rounds', async () => {
    const { clock, queue, outcomes, wait } = make();
    for (let i = 0; i < 2_500; i++) {
      wait();
      wait();
      queue.serve(instance('x'));
      queue.serve(instance('x'));
    }
    await clock.advance(0);
    expect(outcomes).toEqual(Array.from({ length: 5_000 }, (_, i) => `${i}:x`));
  });

  it('counts who comes and goes, and tells of everyone who gets nothing', async () => {
    const clock = new VirtualClock();
    let refused = 0;
    const queue = new WaitQueue(
      clock,
      () => 1_000,
      () => refused++,
    );
    for (let i = 0; i < 4; i++) void queue.wait();
    queue.serve(instance('a'));
    expect([queue.entered, queue.left, refused]).toEqual([4, 1, 0]);
    await clock.advance(1_000);
    expect([queue.entered, queue.left, refused]).toEqual([4, 4, 3]);
    for (let i = 0; i <= MAX_WAITING; i++) void queue.wait();
    expect([queue.entered, refused]).toEqual([4 + MAX_WAITING, 4]);
    queue.failAll(initFailed('Error', 'no'));
    expect(refused).toBe(4 + MAX_WAITING);
  });

  it('fails all at once', async () => {
    const { clock, queue, outcomes, wait } = make();
    wait();
    wait();
    queue.failAll(initFailed('Runtime.ImportModuleError', 'no'));
    await clock.advance(0);
    expect(outcomes.length).toBe(2);
    expect(outcomes[0]).toMatchObject({ kind: 'init', type: 'Runtime.ImportModuleError' });
  });
});
