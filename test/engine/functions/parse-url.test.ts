import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

describe('URLs', () => {
  it.each([
    [
      'parse_url("https://user:pw@Host.example:8443/a/b?x=1&y=%41+b&z#frag")',
      {
        Scheme: 'https',
        Host: 'Host.example',
        Port: '8443',
        Path: '/a/b',
        Username: 'user',
        Password: 'pw',
        'Query Parameters': { x: '1', y: 'A b' },
        Fragment: 'frag',
      },
    ],
    ['parse_url("http://[::1]:80").Host', '[::1]'],
    ['parse_url("just/a/path").Path', ''],
    ['parse_url("a.b/c?x=1")["Query Parameters"]', {}],
    ['parse_url("https://user@h.io/p").Host', 'user@h.io'],
    ['parse_url("https://user@h.io/p").Username', ''],
    ['parse_url("https://u:@h.io/p").Host', 'h.io'],
    ['parse_url("https://h.io/").Path', ''],
    ['parse_url("https://h.io").Path', ''],
    ['parse_url("https://h.io/?x=1&x=3&y=&z&=w")["Query Parameters"]', { x: ['1', '3'] }],
    ['parse_urlquery("x=1&x=3")', { 'Query Parameters': { x: ['1', '3'] } }],
    ['parse_url("").Scheme', ''],
    ['tostring(parse_url("ftp://h").Port)', ''],
    ['parse_urlquery("?k1=v1&k2=v%202")', { 'Query Parameters': { k1: 'v1', k2: 'v 2' } }],
    ['parse_urlquery("")', { 'Query Parameters': {} }],
    ['url_encode("https://a.b/c d?é=~\'")', 'https%3a%2f%2fa.b%2fc+d%3f%c3%a9%3d%7e%27'],
    ['url_encode_component("a b")', 'a%20b'],
    ['url_encode("")', ''],
    ['url_decode("a%20b%2Fc+d")', 'a b/c d'],
    ['url_decode("100%")', '100%'],
    ['url_decode("%ff%41")', '�A'],
    ['url_decode("")', ''],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});
