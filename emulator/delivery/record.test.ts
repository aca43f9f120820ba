import { describe, expect, test } from 'vitest';
import type { QueuedEvent } from './event.js';
import { deadLetterAttributes, destinationRecord } from './record.js';

const AT = Date.UTC(2025, 0, 1, 12, 0, 5, 120);
const event: QueuedEvent = {
  requestId: '5c3d0f0e-0000-4000-8000-000000000001',
  function: 'counter',
  payload: Buffer.from('{"order":12345678901234567890}'),
  source: 'sdk-async',
  acceptedAt: AT - 5_000,
  attempts: 1,
  throttles: 0,
  response: { ok: true, payload: '{"total":1.50}' },
};
const failed: QueuedEvent = {
  ...event,
  attempts: 3,
  response: { ok: false, payload: '{"errorType":"Error","errorMessage":"no stock","trace":[]}' },
};

describe('records of destinations', () => {
  test('of a success', () => {
    expect(destinationRecord(event, 'Success', AT)).toBe(
      '{"version":"1.0","timestamp":"2025-01-01T12:00:05.120Z",' +
        '"requestContext":{"requestId":"5c3d0f0e-0000-4000-8000-000000000001",' +
        '"functionArn":"arn:aws:lambda:us-east-1:000000000000:function:counter:$LATEST",' +
        '"condition":"Success","approximateInvokeCount":1},' +
        '"requestPayload":{"order":12345678901234567890},' +
        '"responseContext":{"statusCode":200,"executedVersion":"$LATEST"},' +
        '"responsePayload":{"total":1.50}}',
    );
  });

  test('after all retries', () => {
    expect(
      JSON.parse(destinationRecord({ ...failed, payload: Buffer.from('{"sku":"a"}') }, 'RetriesExhausted', AT)),
    ).toEqual({
      version: '1.0',
      timestamp: '2025-01-01T12:00:05.120Z',
      requestContext: {
        requestId: '5c3d0f0e-0000-4000-8000-000000000001',
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:counter:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: { sku: 'a' },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'Error', errorMessage: 'no stock', trace: [] },
    });
  });

  test('too old after an attempt: with what the attempt said', () => {
    expect(JSON.parse(destinationRecord({ ...failed, attempts: 1 }, 'EventAgeExceeded', AT))).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorMessage: 'no stock' },
    });
  });

  test('without an attempt there is no response at all', () => {
    const { response: _, ...unattempted } = { ...event, payload: Buffer.from('{}'), attempts: 0 };
    expect(destinationRecord(unattempted, 'ZeroReservedConcurrency', AT)).toBe(
      '{"version":"1.0","timestamp":"2025-01-01T12:00:05.120Z",' +
        '"requestContext":{"requestId":"5c3d0f0e-0000-4000-8000-000000000001",' +
        '"functionArn":"arn:aws:lambda:us-east-1:000000000000:function:counter:$LATEST",' +
        '"condition":"ZeroReservedConcurrency","approximateInvokeCount":0},' +
        '"requestPayload":{}}',
    );
  });

  test('an alias is named as it was called', () => {
    const { requestContext } = JSON.parse(destinationRecord({ ...event, qualifier: 'live' }, 'Success', AT)) as {
      requestContext: { functionArn: string };
    };
    expect(requestContext.functionArn).toBe('arn:aws:lambda:us-east-1:000000000000:function:counter:live');
  });

  test.each([
    ['plain text', '"plain text"'],
    ['', 'null'],
    ['null', 'null'],
  ])('a response of %j is %s', (payload, written) => {
    const record = destinationRecord({ ...event, response: { ok: true, payload } }, 'Success', AT);
    expect(record).toContain(`"responsePayload":${written}}`);
  });
});

describe('attributes of dead letters', () => {
  test('of a function error', () => {
    expect(deadLetterAttributes(failed, 'RetriesExhausted')).toEqual({
      RequestID: '5c3d0f0e-0000-4000-8000-000000000001',
      ErrorCode: 200,
      ErrorMessage: 'no stock',
    });
  });

  test('the message has 1 KB at most, no character halved', () => {
    const message = (text: string): unknown =>
      deadLetterAttributes(
        { ...failed, response: { ok: false, payload: JSON.stringify({ errorMessage: text }) } },
        'RetriesExhausted',
      ).ErrorMessage;
    expect(message('x'.repeat(2_000))).toBe('x'.repeat(1_024));
    expect(message(`${'x'.repeat(1_023)}ü`)).toBe('x'.repeat(1_023));
    expect(message('\u001b[31mred\u001b[0m \ud800')).toBe('\ufffd[31mred\ufffd[0m \ufffd');
  });

  test('throttled until it was too old', () => {
    const { response: _, ...unattempted } = { ...event, attempts: 0, throttles: 9 };
    expect(deadLetterAttributes(unattempted, 'EventAgeExceeded')).toEqual({
      RequestID: event.requestId,
      ErrorCode: 429,
      ErrorMessage: 'Rate Exceeded.',
    });
  });

  test('switched off by reserved concurrency: no status', () => {
    const { response: _, ...unattempted } = { ...event, attempts: 0 };
    expect(deadLetterAttributes(unattempted, 'ZeroReservedConcurrency')).toEqual({
      RequestID: event.requestId,
      ErrorMessage: expect.stringContaining('zero reserved concurrent executions') as string,
    });
  });

  test('too old before the first attempt: there is no error to tell', () => {
    const { response: _, ...unattempted } = { ...event, attempts: 0 };
    expect(deadLetterAttributes(unattempted, 'EventAgeExceeded')).toEqual({ RequestID: event.requestId });
  });
});
