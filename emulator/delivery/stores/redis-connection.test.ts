import { expect, it } from 'vitest';
import { withoutCredentials } from './redis-connection.js';

it.each([
  ['redis://localhost', 'redis://localhost'],
  ['redis://:secret@localhost:6379/', 'redis://localhost:6379'],
  ['rediss://user:p%40ss@redis.example:6380/2?client_name=secret#secret', 'rediss://redis.example:6380/2'],
  ['redis://user:secret@[::1]:1/0', 'redis://[::1]:1/0'],
  ['redis://user:secret@host:port', 'redis://…'],
])('shows %s as %s', (url, shown) => {
  expect(withoutCredentials(url)).toBe(shown);
});
