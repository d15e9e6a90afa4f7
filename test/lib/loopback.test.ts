import { describe, expect, it } from '@jest/globals';
import { isLoopback } from '../../src/lib/loopback.ts';

describe('isLoopback', () => {
  it.each(['http://localhost/', 'http://LOCALHOST:1/', 'http://127.0.0.1:8/', 'http://127.9.9.9/', 'http://[::1]:8/'])(
    '%s is this machine',
    (text) => {
      expect(isLoopback(new URL(text).hostname)).toBe(true);
    },
  );

  it.each([
    'http://127.0.0.1.example/',
    'http://localhost.example/',
    'http://128.0.0.1/',
    'http://[::2]/',
    'http://0.0.0.0/',
  ])('%s is not', (text) => {
    expect(isLoopback(new URL(text).hostname)).toBe(false);
  });
});
