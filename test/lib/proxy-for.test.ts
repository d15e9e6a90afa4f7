import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { proxyFor } from '../../src/lib/dispatcher.ts';

const variables = { ...process.env };
const NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

beforeEach(() => {
  for (const name of NAMES) for (const one of [name, name.toLowerCase()]) delete process.env[one];
});
afterEach(() => {
  process.env = { ...variables };
});

function proxyOf(url: string, proxy: string | null = null): string | null {
  return proxyFor(new URL(url), proxy)?.host ?? null;
}

describe('the proxy on the way to a host', () => {
  it('is none where none is named', () => {
    expect(proxyOf('https://soar.example/')).toBeNull();
  });

  it('comes from the environment, by scheme', () => {
    process.env.HTTPS_PROXY = 'http://secure:1';
    process.env.HTTP_PROXY = 'http://plain:2';
    expect([proxyOf('https://soar.example/'), proxyOf('http://soar.example/')]).toEqual(['secure:1', 'plain:2']);
  });

  it('is the one that is named for the connection, before the environment', () => {
    process.env.HTTPS_PROXY = 'http://secure:1';
    expect(proxyOf('https://soar.example/', 'http://own:3')).toBe('own:3');
  });

  it('is never used for loopback, unless it is named for the connection', () => {
    process.env.HTTP_PROXY = 'http://plain:2';
    expect(proxyOf('http://127.0.0.1:8080/')).toBeNull();
    expect(proxyOf('http://127.0.0.1:8080/', 'http://own:3')).toBe('own:3');
  });

  it.each([
    ['soar.example', true],
    ['other.example', false],
    ['.example', true],
    ['*.example', true],
    ['example', false],
    ['a.test, SOAR.example', true],
    ['soar.example:443', true],
    ['soar.example:8443', false],
    ['*', true],
  ])('NO_PROXY=%s leaves it out: %s', (list, isLeftOut) => {
    process.env.HTTPS_PROXY = 'http://secure:1';
    process.env.NO_PROXY = list;
    expect(proxyOf('https://soar.example/')).toBe(isLeftOut ? null : 'secure:1');
  });

  it.each([
    ['https://10.1.2.3/', '10.0.0.0/8', true],
    ['https://11.1.2.3:8443/', '10.0.0.0/8', false],
    ['https://192.168.7.9/', 'a.test,192.168.0.0/21', true],
    ['https://192.168.8.9/', '192.168.0.0/21', false],
    ['https://[fd00::7]/', 'fd00::/8', true],
    ['https://[fe00::7]/', 'fd00::/8', false],
    ['https://10.1.2.3/', '10.0.0.0/33, 10.0.0.0/, /8, x/8, ::/0', false],
    ['https://soar.example/', '0.0.0.0/0', false],
  ])('%s with NO_PROXY=%s is left out: %s', (url, list, isLeftOut) => {
    process.env.HTTPS_PROXY = 'http://secure:1';
    process.env.NO_PROXY = list;
    expect(proxyOf(url)).toBe(isLeftOut ? null : 'secure:1');
  });
});
