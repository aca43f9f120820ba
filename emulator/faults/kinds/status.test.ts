import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../instances/types.js';
import { testEngine, underFaults } from '../fixture.js';

const answer = (result: RunResult): unknown => JSON.parse(result.payload.toString());

describe('status', () => {
  it('answers 503 and never calls the handler', async () => {
    const { run, trail } = underFaults({ kind: 'status' });
    const result = await run();
    expect(result.ok).toBe(true);
    expect(answer(result)).toEqual({
      statusCode: 503,
      headers: { 'content-type': 'application/json' },
      body: '{"message":"Service Unavailable"}',
    });
    expect(trail).toEqual(['0 end']);
  });

  it('calls the handler first when it is not to prevent it, and hides what it answered', async () => {
    const params = { code: 429, body: 'slow down', contentType: 'text/plain; charset=utf-8', preventExecution: false };
    const { run, trail } = underFaults({ kind: 'status', params });
    expect(answer(await run())).toEqual({
      statusCode: 429,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'slow down',
    });
    expect(trail).toEqual(['0 handler', '0 end']);
  });

  it('leaves a failure of the handler visible', async () => {
    const { run } = underFaults({ kind: 'status', params: { preventExecution: false } });
    const failed: RunResult = { ok: false, kind: 'function', type: 'E', message: 'm', payload: Buffer.from('{}') };
    expect(await run(failed)).toBe(failed);
  });

  it.each([{ code: 99 }, { code: 600 }, { code: '503' }, { contentType: 'json\r\nx: y' }])('refuses %o', (params) => {
    expect(() => testEngine().engine.add({ kind: 'status', params })).toThrow(/status: params\.\w+ is wrong/);
  });

  it('says what it does', () => {
    const { engine } = testEngine();
    expect(engine.add({ kind: 'status' }).summary).toBe('answers 503 instead of calling the handler');
    expect(engine.add({ kind: 'status', params: { preventExecution: false } }).summary).toBe(
      'answers 503 after calling the handler',
    );
  });
});
