import { afterEach, describe, expect, it } from 'vitest';
import { bench, closeAll, type Bench } from './harness.js';

afterEach(closeAll);

const NOTICE = '[faultline] more than 1 MB of output: the rest is not shown until the next invocation';
/** Of 200 bytes each. */
const LINES_OF_A_MEGABYTE = 5_300;
const notices = ({ log }: Bench): number => log.filter(({ text }) => text === NOTICE).length;

describe('a flood of output', () => {
  it('by a handler is bounded, and told once; other functions are answered meanwhile', async () => {
    const other = bench('outcomes.cjs:pid');
    await other.invoke();
    const subject = bench('flood.cjs:raw', { timeoutMs: 60_000 });
    await subject.invoke({ mb: 0 });
    let flooding = true;
    const flood = subject.invoke({ mb: 100 }).finally(() => (flooding = false));
    let answered = 0;
    for (; flooding; answered++) expect((await other.invoke()).result).toMatchObject({ ok: true });
    const { value, lines } = await flood;
    expect(value).toBe(100);
    expect(answered).toBeGreaterThan(1);
    expect(lines.length).toBeGreaterThan(1_000);
    expect(lines.length).toBeLessThan(LINES_OF_A_MEGABYTE);
    expect(lines.at(-1)).toBe(NOTICE);
    expect(notices(subject)).toBe(1);
    expect((await subject.invoke({ mb: 0 })).value).toBe(0);
  });

  it('by a start is bounded', async () => {
    const subject = bench('flood.cjs:raw', { environment: { FLOOD_INIT: '20' } });
    expect((await subject.invoke({ mb: 0 })).value).toBe(0);
    expect(subject.log.length).toBeLessThan(LINES_OF_A_MEGABYTE);
    expect(notices(subject)).toBe(1);
  });

  it('by what an invocation has left running is bounded, too', async () => {
    const subject = bench('flood.cjs:leaves');
    await subject.invoke();
    await subject.until(() => notices(subject) > 0);
    const { length } = subject.log;
    const other = bench('outcomes.cjs:pid');
    for (let i = 0; i < 10; i++) await other.invoke();
    expect(subject.log.length).toBe(length);
  });
});
