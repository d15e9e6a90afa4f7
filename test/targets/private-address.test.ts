import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from '@jest/globals';
import { isPrivateAddress, lookupPublic } from '../../src/targets/private-address.ts';

describe('a private address', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::a00:1',
    'fd00::1',
    'fe80::1',
    'ff02::1',
  ])('is %s', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8', 'example.com'])(
    'is not %s',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );
});

describe('the lookup', () => {
  const ask = (hostname: string, all: boolean): Promise<NodeJS.ErrnoException | string | LookupAddress[]> =>
    new Promise((resolve) => lookupPublic(hostname, { all }, (error, address) => resolve(error ?? address)));

  it('refuses a name with a private address', async () => {
    expect(await ask('localhost', true)).toMatchObject({ code: 'ERR_PRIVATE_ADDRESS' });
    expect(await ask('localhost', false)).toMatchObject({ code: 'ERR_PRIVATE_ADDRESS' });
  });

  it('hands on public addresses and failures', async () => {
    expect(await ask('8.8.8.8', true)).toEqual([{ address: '8.8.8.8', family: 4 }]);
    expect(await ask('8.8.8.8', false)).toBe('8.8.8.8');
    expect(await ask('receiver.invalid', true)).toHaveProperty('syscall', 'getaddrinfo');
  });
});
