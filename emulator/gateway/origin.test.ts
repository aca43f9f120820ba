import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { refusalOf } from './origin.js';

const refused = (headers: Record<string, string>, bound = '127.0.0.1') =>
  refusalOf({ rawHeaders: Object.entries(headers).flat() } as Partial<IncomingMessage> as IncomingMessage, bound) !==
  undefined;

describe('the AWS APIs', () => {
  it.each([
    {},
    { Origin: 'http://localhost:5173' },
    { Origin: 'http://127.0.0.1:3001' },
    { Origin: 'http://[::1]:8080' },
    { Origin: 'https://shop.localhost' },
    { Host: '127.0.0.1:3000' },
    { Host: 'LOCALHOST:3000' },
    { Host: '[::1]:3000' },
    { Host: '192.168.1.7:3000' },
    { Host: 'shop.localhost:3000', Origin: 'http://shop.localhost:3000' },
  ])('are for %o', (headers) => {
    expect(refused(headers)).toBe(false);
  });

  it.each([
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: 'http://localhost.evil.example' },
    { Origin: 'http://127.0.0.1.evil.example:3000' },
    { Origin: 'http://evil.example:127' },
    { Origin: '' },
    { Host: 'evil.example:3000' },
    { Host: '127.0.0.1.evil.example' },
    { Host: 'evil.example:3000', Origin: 'http://evil.example:3000' },
  ])('are not for %o', (headers) => {
    expect(refused(headers)).toBe(true);
  });

  it('are for other names too where the listener is bound wider', () => {
    expect(refused({ Host: 'host.docker.internal:3000' }, '0.0.0.0')).toBe(false);
    expect(refused({ Host: 'ci.internal', Origin: 'https://evil.example' }, '0.0.0.0')).toBe(true);
  });
});
