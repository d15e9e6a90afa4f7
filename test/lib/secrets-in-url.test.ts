import { describe, expect, it } from '@jest/globals';
import { keysInUrl, secretsInUrl } from '../../src/lib/secrets-in-url.ts';

describe('the secrets in a URL', () => {
  it.each<[string, readonly string[]]>([
    ['https://hooks.slack.example/services/T0AB/B0CD/xYzkey', ['T0AB', 'B0CD', 'xYzkey', '/services/T0AB/B0CD/xYzkey']],
    ['https://soar.example/api/hook?sig=a%2Fb&v=2', ['a%2Fb', 'a/b', '/api/hook?sig=a%2Fb&v=2']],
    ['https://soar.example/hook?onlykey', ['onlykey']],
    ['http://user:p%40ss@proxy.example:3128/', ['p%40ss', 'p@ss', Buffer.from('user:p@ss').toString('base64')]],
    ['http://key@proxy.example:3128/', ['key']],
  ])('%s', (url, secrets) => {
    expect(secretsInUrl(url)).toEqual(expect.arrayContaining([...secrets]));
  });

  it.each(['https://soar.example/api/v2/alerts', 'https://soar.example', 'no url', '', 'https://soar.example/?'])(
    'none in %j',
    (url) => expect(secretsInUrl(url)).toEqual([]),
  );

  it('that are no words', () => {
    expect(keysInUrl('https://h.example/soar/xoxb-12345678/team')).toEqual(
      expect.arrayContaining(['xoxb-12345678', '/soar/xoxb-12345678/team']),
    );
    expect(keysInUrl('https://h.example/soar/xoxb-12345678/team')).not.toContain('soar');
    expect(keysInUrl('https://h.example/soar/team')).toEqual([]);
    expect(keysInUrl('http://u:short@h.example/')).toContain('short');
  });

  it('a path that cannot be decoded is taken as it is', () => {
    expect(secretsInUrl('https://h.example/%ff%zz')).toContain('%ff%zz');
  });
});
