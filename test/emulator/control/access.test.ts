import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorBody } from '../../../emulator/contract/errors.js';
import { fakeControl } from './fake-backend.js';
import type { FakeControl } from './fake-backend.js';
import { sendTo } from './send.js';
import type { Sent } from './send.js';

let control: FakeControl;
beforeEach(async () => {
  control = await fakeControl();
});
afterEach(() => control.server.close());

const send = (what: Sent) => sendTo(control, what);
const authorization = (): Record<string, string> => ({ authorization: `Bearer ${control.token}` });
const errorOf = (text: string): ErrorBody => (JSON.parse(text) as { error: ErrorBody }).error;

describe('who may call', () => {
  it.each(['/api/snapshot', '/api/events', '/metrics', '/api/none', '/API/snapshot', '//api/snapshot'])(
    '%s without a token is refused',
    async (at) => {
      const { status, headers, text } = await send({ path: at });
      expect([401, 404]).toContain(status);
      if (!at.startsWith('//')) expect(status).toBe(401);
      if (status === 401) expect(headers['www-authenticate']).toContain('Bearer');
      expect(text).not.toContain('functions');
    },
  );

  it.each(['Bearer wrong', 'Bearer ', 'Basic correct-horse', 'correct-horse', 'Bearer correct-horse2'])(
    'a wrong token (%s) is refused',
    async (given) => {
      const { status, text } = await send({ headers: { authorization: given } });
      expect(status).toBe(401);
      expect(errorOf(text).code).toBe('UNAUTHORIZED');
      expect(text).not.toContain(control.token);
    },
  );

  it('a foreign Host is refused, even with the token (DNS rebinding)', async () => {
    for (const host of ['evil.example', `evil.example:${String(control.port)}`, '127.0.0.1:1', 'localhost']) {
      const { status, text } = await send({ headers: { ...authorization(), host } });
      expect(status).toBe(403);
      expect(errorOf(text)).toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  it.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])('our own Host %s is served', async (name) => {
    const host = `${name}:${String(control.port)}`;
    expect((await send({ headers: { ...authorization(), host } })).status).toBe(200);
  });

  it('a foreign Origin is refused, our own is served, and no other page is ever let in by CORS', async () => {
    for (const origin of ['http://evil.example', 'null', `https://localhost:${String(control.port)}`]) {
      const { status, headers } = await send({ headers: { ...authorization(), origin } });
      expect(status).toBe(403);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect((await send({ headers: { ...authorization(), origin: control.url } })).status).toBe(200);
    expect((await send({ method: 'OPTIONS', headers: { origin: 'http://evil.example' } })).status).toBe(403);
  });

  it('the dashboard is refused to a foreign Host too', async () => {
    expect((await send({ path: '/', headers: { host: 'evil.example' } })).status).toBe(403);
  });
});
