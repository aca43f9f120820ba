import { describe, expect, test } from 'vitest';
import { compareVersions, factOf, inRange } from './index.js';

const nothing = (): undefined => undefined;

describe('versions', () => {
  test.each([
    ['1.2.3', '1.2.3', 0],
    ['1.10.0', '1.9.9', 1],
    ['2', '10', -1],
    ['1.0', '1.0.0', 0],
    ['v3.1.0', '3.0.9', 1],
    ['8.0.0b1', '8', 0],
    ['4.4.0-beta.1', '4.4.0', 0],
  ])('%s against %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
  });

  test.each([
    ['8.0.0', '>=8', true],
    ['7.9.9', '>=8', false],
    ['7.8.2', '>=7.8 <7.9', true],
    ['7.9.0', '>=7.8 <7.9', false],
    ['3.1.2', '<4', true],
    ['1.0.0', '*', true],
    ['2.0.0', '=2', true],
    ['2.0.1', '<=2', false],
  ])('%s in %s', (version, range, is) => {
    expect(inRange(version, range)).toBe(is);
  });
});

describe('factOf', () => {
  test('the installed version decides what holds by default', () => {
    const at = (version: string): unknown => factOf('python', 'redis.Redis', () => version)?.waits;
    expect(at('8.1.0')).toBe('bounded');
    expect(at('5.0.1')).toBe('forever');
  });

  test('without a version the kindest counts', () => {
    expect(factOf('python', 'redis.Redis', nothing)).toMatchObject({ waits: 'bounded', version: undefined });
  });

  test.each([
    ['global.fetch', 'fetch', 'forever'],
    ['node-fetch', 'node-fetch', 'forever'],
    ['axios.get', 'axios', 'forever'],
    ['stripe', 'stripe', 'long'],
    ['ky.post', 'ky', 'bounded'],
    ['@google-cloud/storage.Storage', 'google-cloud', 'bounded'],
    ['aws-sdk.DynamoDB.DocumentClient', 'aws-sdk', 'long'],
    ['aws-sdk/clients/s3', 'aws-sdk', 'long'],
    ['@aws-sdk/client-sqs.SQSClient', 'aws-sdk', 'forever'],
  ])('%s', (path, client, waits) => {
    const known = factOf('javascript', path, nothing);
    expect(known?.fact.client).toBe(client);
    expect(known?.waits).toBe(waits);
  });

  test.each([
    'aws-sdk.Config',
    'aws-sdk.Endpoint',
    '@aws-sdk/client-s3.GetObjectCommand',
    'axios.isAxiosError',
    'pg.types',
    '',
  ])('%s is no client', (path) => expect(factOf('javascript', path, nothing)).toBeUndefined());
});
