import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../instances/types.js';
import { corrupted } from '../corrupted.js';
import { stillInstance, subject, testEngine, underFaults } from '../fixture.js';
import type { Caller } from '../types.js';

const answer: RunResult = { ok: true, payload: Buffer.from('{"statusCode":200,"body":"0123456789"}') };

/** What becomes of an answer. */
async function through(params: Record<string, unknown>, caller: Caller = 'payload', result = answer) {
  const { engine, clock } = testEngine();
  engine.add({ kind: 'body', params });
  const plan = engine.plan(subject({ caller }));
  plan?.reached(stillInstance, 1);
  const wait = (ms: number) => new Promise<boolean>((resolve) => clock.after(ms, () => resolve(true)));
  let end = -1;
  const running = plan?.run(wait, stillInstance, () => Promise.resolve(result));
  void running?.then(() => (end = clock.monotonic()));
  await clock.advance(60_000);
  return { result: (await running) as RunResult, hits: plan?.hits ?? [], end };
}

const differences = (a: Buffer, b: Buffer): number[] => [...a.keys()].filter((i) => a[i] !== b[i]);

describe('body', () => {
  it('changes bytes of a payload, the same ones from the same seed', async () => {
    const { result, hits } = await through({ flips: 4 });
    expect(result.payload).toHaveLength(answer.payload.length);
    expect(differences(result.payload, answer.payload)).toHaveLength(4);
    expect(hits).toMatchObject([{ where: 'the answer', saw: 'with 4 bytes changed' }]);
    expect((await through({ flips: 4 })).result.payload).toEqual(result.payload);
  });

  it('leaves a part of it, or nothing', async () => {
    const half = await through({ mode: 'truncated', keep: 50 });
    expect(half.result.payload).toEqual(answer.payload.subarray(0, 19));
    expect((await through({ mode: 'empty' })).result.payload).toHaveLength(0);
  });

  it('holds it back', async () => {
    const { result, end } = await through({ mode: 'delayed', delayMs: 700 });
    expect(end).toBe(700);
    expect(result.payload).toBe(answer.payload);
  });

  it('leaves the spoiling of a body to what writes it', async () => {
    const { result, end } = await through({ mode: 'truncated', keep: 30 }, 'http');
    expect(result.payload).toBe(answer.payload);
    expect(result.sending).toMatchObject({ cut: true });
    expect(result.sending?.spoil?.(Buffer.from('0123456789'))).toEqual(Buffer.from('012'));
    expect(end).toBe(0);
    const short = await through({ mode: 'truncated', how: 'short' }, 'http');
    expect(short.result.sending).not.toHaveProperty('cut');
    const late = await through({ mode: 'delayed', delayMs: 10, bytesPerSecond: 5 }, 'http');
    expect(late.result.sending).toMatchObject({ delayMs: 10, bytesPerSecond: 5 });
  });

  it('is no hit on what has been streamed', async () => {
    for (const { hits, result } of [
      await through({ mode: 'empty' }, 'stream'),
      await through({ mode: 'empty' }, 'payload', { ...answer, streamed: 10 }),
    ]) {
      expect(hits).toEqual([]);
      expect(result.payload).toBe(answer.payload);
    }
  });

  it.each([
    [{}, 'the answer arrives with 3 bytes changed'],
    [{ mode: 'truncated', how: 'short' }, 'the answer arrives truncated to 50 %, with a length that fits'],
    [{ mode: 'empty' }, 'the answer arrives empty'],
    [{ mode: 'delayed', bytesPerSecond: 10 }, 'the answer arrives 1000 ms after its headers, at 10 bytes/s'],
  ])('says what it does: %j', (params, summary) => {
    expect(underFaults({ kind: 'body', params }).engine.list()[0]?.summary).toBe(summary);
  });
});

describe('corrupted bytes', () => {
  it('are as many as asked for, all of them at most, whatever is drawn', () => {
    for (const drawn of [0, 0.5, 0.999_999]) {
      const bytes = Buffer.alloc(20, 7);
      expect(
        differences(
          corrupted(bytes, 5, () => drawn),
          bytes,
        ),
      ).toHaveLength(5);
      expect(
        differences(
          corrupted(bytes, 50, () => drawn),
          bytes,
        ),
      ).toHaveLength(20);
      expect(corrupted(Buffer.alloc(0), 5, () => drawn)).toHaveLength(0);
    }
  });
});
