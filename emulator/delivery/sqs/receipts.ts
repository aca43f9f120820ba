import { badReceiptHandle } from './errors.js';

/** First part of every handle, so that other text is told apart. */
const MARK = 'fl1';

export interface Receipt {
  /** The store's. */
  readonly receipt: string;
  /** Epoch ms. */
  readonly receivedAt: number;
}

/** What a client gets to delete a message by: opaque, and good for its own queue only. */
export function receiptHandle(queue: string, receipt: string, receivedAt: number): string {
  return Buffer.from([MARK, queue, String(receivedAt), receipt].join(' ')).toString('base64');
}

/** @throws SqsError ReceiptHandleIsInvalid: not one of ours, or another queue's */
export function parseReceiptHandle(handle: string, queue: string): Receipt {
  const [mark, of, receivedAt = '', ...rest] = Buffer.from(handle, 'base64').toString().split(' ');
  if (mark !== MARK || of !== queue || !/^\d+$/.test(receivedAt)) throw badReceiptHandle(handle);
  return { receipt: rest.join(' '), receivedAt: Number(receivedAt) };
}
