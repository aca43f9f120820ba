import { ACCOUNT_ID, REGION } from '../../dispatch/types.js';

/** 80 letters, digits, hyphens and underscores at most [D]. */
export const QUEUE_NAME = /^[A-Za-z0-9_-]{1,80}$/;

export function queueArn(name: string): string {
  return `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`;
}

/** @returns undefined when it is not the ARN of a queue; account and region are not looked at, there is one of each here */
export function nameOfArn(arn: string): string | undefined {
  const name = /^arn:aws[a-z-]*:sqs:[^:]*:[^:]*:([^:]+)$/.exec(arn)?.[1];
  return name !== undefined && QUEUE_NAME.test(name) ? name : undefined;
}

/** @param gateway its URL, without a slash at the end */
export function queueUrl(gateway: string, name: string): string {
  return `${gateway}/${ACCOUNT_ID}/${name}`;
}

/** The last part of the URL; a bare name is taken too, as on AWS [R: SetQueueAttributes by name]. */
export function nameOfUrl(url: string): string {
  const path = url.replace(/[?#].*$/, '');
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What the queue is called in the message store. */
export const storeName = (name: string): string => `sqs/${name}`;
