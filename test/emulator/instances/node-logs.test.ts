import { afterEach, describe, expect, it } from 'vitest';
import { bench, closeAll, type Invoked } from './harness.js';

// What the vendor's runtime client writes: aws-lambda-ric 3, LogPatch.js [S].

afterEach(closeAll);

describe('the log of a Node handler', () => {
  it('is text by default: time, request id, level and message', async () => {
    const { lines } = await bench('logs.cjs').invoke({ fails: true });
    const told = lines.map((line) => line.replace(/^\S+Z\trequest-\d+\t/, ''));
    expect(told).toEqual([
      'INFO\ttext formatted { nested: { deep: { deeper: {} } } }',
      expect.stringMatching(/^INFO\t\{\n {2}alone: 1,\n {2}error: RangeError: inside\n {6}at /),
      'INFO\ttwo\nlines',
      'INFO\tundefined',
      'TRACE\ttraced',
      'DEBUG\tdebugged',
      expect.stringMatching(/^WARN\twarned TypeError: beside\n {4}at /),
      'FATAL\tfatal',
      'written',
      expect.stringMatching(/^ERROR\tInvoke Error \t\{"errorType":"RangeError".*"code":"E_RANGE","stack":\[/),
    ]);
  });

  it('is JSON when AWS_LAMBDA_LOG_FORMAT says so', async () => {
    const { lines, value } = await bench('logs.cjs', { environment: { AWS_LAMBDA_LOG_FORMAT: 'json' } }).invoke({
      fails: true,
    });
    const told = entries({ lines });
    expect(told[0]).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      level: 'INFO',
      requestId: expect.stringMatching(/^request-/),
      message: 'text formatted { nested: { deep: { deeper: {} } } }',
    });
    expect(told[1]).toMatchObject({
      message: { alone: 1, error: { errorType: 'RangeError', errorMessage: 'inside', stackTrace: expect.any(Array) } },
    });
    expect(told[2]).toMatchObject({ message: 'two\nlines' });
    expect(told[3]).not.toHaveProperty('message');
    expect(told[6]).toMatchObject({ level: 'WARN', errorType: 'TypeError', errorMessage: 'beside' });
    expect(told[6]?.['message']).toMatch(/^warned TypeError: beside\n/);
    expect(lines).toContain('written');
    expect(told.at(-1)).toMatchObject({
      level: 'ERROR',
      message: { errorType: 'RangeError', errorMessage: 'out of range', code: 'E_RANGE' },
    });
    expect(value).toMatchObject({ errorType: 'RangeError', trace: expect.any(Array) });
  });

  it('leaves out what is below AWS_LAMBDA_LOG_LEVEL', async () => {
    const environment = { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'warn' };
    const told = entries(await bench('logs.cjs', { environment }).invoke());
    expect(told.map(({ level }) => level)).toEqual(['WARN', 'FATAL']);
  });
});

function entries({ lines }: Pick<Invoked, 'lines'>): readonly Record<string, unknown>[] {
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
}
