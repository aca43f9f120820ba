import { expect, it } from 'vitest';
import { checkBody, checkSize, isMessageText } from './contents.js';

it.each([
  ['\t\n\r', true],
  ['text, {"json":1}, <xml/>', true],
  ['\u{1F600} and \ud7ff\ue000\ufffd', true],
  ['\u0000', false],
  ['\u0008', false],
  ['\u000b', false],
  ['\u001f', false],
  ['\ud800', false],
  ['\udc00x', false],
  ['\uffff', false],
])('%j is a body: %s', (body, allowed) => {
  expect(isMessageText(body)).toBe(allowed);
});

it('tells what is wrong with a body as SQS does', () => {
  expect(() => checkBody('')).toThrow('The request must contain the parameter MessageBody.');
  expect(() => checkBody('\u0001')).toThrow('Invalid characters found.');
  expect(() => checkSize(1_025, 1_024, 'are invalid')).toThrow(
    'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.',
  );
  expect(() => checkSize(1_024, 1_024, 'are invalid')).not.toThrow();
});
