import { expect, it } from 'vitest';
import { parseReceiptHandle, receiptHandle } from './receipts.js';

it('is good for its own queue, also when the receipt has spaces', () => {
  const handle = receiptHandle('jobs', 'a b', 5);
  expect(parseReceiptHandle(handle, 'jobs')).toEqual({ receipt: 'a b', receivedAt: 5 });
  expect(() => parseReceiptHandle(handle, 'other')).toThrow(`The input receipt handle "${handle}" is not a valid`);
});

it.each(['', 'garbage', Buffer.from('fl1 jobs x y').toString('base64')])('refuses %j', (handle) => {
  expect(() => parseReceiptHandle(handle, 'jobs')).toThrow('is not a valid receipt handle.');
});
