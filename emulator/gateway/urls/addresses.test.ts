import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { UrlAddresses } from './addresses.js';

const addresses = new UrlAddresses();
addresses.set(['shop', 'myStream']);
const withHost = (...rawHeaders: string[]) =>
  addresses.byHost({ rawHeaders } as Partial<IncomingMessage> as IncomingMessage);

describe('a function URL', () => {
  it.each([
    ['shop.localhost:3000', 'shop'],
    ['SHOP.localhost', 'shop'],
    ['mystream.localhost:80', 'myStream'],
    ['other.localhost', undefined],
    ['localhost:3000', undefined],
    ['shop.example', undefined],
    ['a.shop.localhost', undefined],
    ['shop.localhost.evil', undefined],
    ['', undefined],
  ])('has the host %s: %s', (host, name) => {
    expect(withHost('accept', '*/*', 'Host', host)).toBe(name);
    expect(withHost('Host', host)).toBe(name);
  });

  it('is not asked of a request without a host, and of none where there are no URLs', () => {
    expect(withHost('accept', '*/*')).toBeUndefined();
    expect([addresses.any, new UrlAddresses().any]).toEqual([true, false]);
  });

  it.each([
    ['/_url/shop', '/'],
    ['/_url/shop/', '/'],
    ['/_url/Shop/a/b%2Fc?d=1', '/a/b%2Fc?d=1'],
    ['/_url/shop?d=/x', '/?d=/x'],
  ])('has the path %s', (url, seen) => {
    expect(addresses.byPath(url)).toEqual({ function: 'shop', url: seen });
  });

  it.each(['/_url/', '/_url/nope', '/_url/shopping'])('has not the path %s', (url) => {
    expect(addresses.byPath(url)).toBeUndefined();
  });

  it('follows the config', () => {
    const changing = new UrlAddresses();
    const host = { rawHeaders: ['Host', 'a.localhost'] } as Partial<IncomingMessage> as IncomingMessage;
    changing.set(['a']);
    expect(changing.byHost(host)).toBe('a');
    changing.set([]);
    expect(changing.byHost(host)).toBeUndefined();
  });
});
