import { afterEach, describe, expect, it } from 'vitest';
import { bench, closeAll, type Invoked } from './harness.js';

// What the vendor's runtime client writes: awslambdaric, bootstrap.py, lambda_runtime_log_utils.py [S].

afterEach(closeAll);

describe('the log of a Python handler', () => {
  it('is text by default: level, time, request id and message', async () => {
    const { lines, value } = await bench('logs.py').invoke();
    const told = lines.map((line) => line.replace(/\t\d{4}-[\dT:.-]+Z\trequest-\d+\t/, '\t'));
    expect(told).toEqual([
      'printed',
      'to stderr',
      'bytes ü',
      '[WARNING]\troot 1',
      '[ERROR]\tchild',
      expect.stringMatching(/^\[ERROR\]\tcaught\nTraceback [^]*ZeroDivisionError: division by zero$/),
      expect.stringMatching(/^by the context\n?$/),
      '[DEBUG]\ttwo\nlines',
      expect.stringMatching(/^own twice at \d\d$/),
      '[WARNING]\ttwice',
    ]);
    // Times are UTC for every formatter.
    expect(value).toBe('gmtime');
  });

  it('is JSON when AWS_LAMBDA_LOG_FORMAT says so', async () => {
    const environment = { AWS_LAMBDA_LOG_FORMAT: 'JSON' };
    const { lines } = await bench('logs.py', { environment }).invoke({ fails: true });
    const told = entries({ lines });
    expect(told[0]).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      level: 'WARNING',
      message: 'root 1',
      logger: 'root',
      requestId: expect.stringMatching(/^request-/),
    });
    expect(told[1]).toMatchObject({ level: 'ERROR', logger: 'shop.stock', sku: 'a' });
    expect(told[2]).toMatchObject({
      message: 'caught',
      errorType: 'ZeroDivisionError',
      errorMessage: 'division by zero',
      stackTrace: [expect.stringContaining('logs.py')],
      location: expect.stringMatching(/logs\.py:handler:\d+$/),
    });
    expect(told.at(-1)).toMatchObject({
      log_level: 'ERROR',
      errorType: 'ValueError',
      errorMessage: 'at the end',
      stackTrace: [expect.stringContaining('raise ValueError')],
    });
    expect(lines).toContain('printed');
  });

  it('begins with AWS_LAMBDA_LOG_LEVEL', async () => {
    const environment = { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: 'info' };
    expect(entries(await bench('logs.py', { environment }).invoke())[0]).toMatchObject({ message: 'not shown' });
  });
});

function entries({ lines }: Pick<Invoked, 'lines'>): readonly Record<string, unknown>[] {
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
}
