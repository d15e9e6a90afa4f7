import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { describe, expect, it } from '@jest/globals';
import { createAddressGuard, isPrivateAddress } from '../../src/targets/private-address.ts';
import { NO_SUCH_NAME } from '../lib/no-such-name.ts';

describe('a private address', () => {
  it.each([
    ['255.255.255.255', '0.0.0.0', '0.255.255.255', '1.0.0.0'],
    ['9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0'],
    ['100.63.255.255', '100.64.0.0', '100.127.255.255', '100.128.0.0'],
    ['126.255.255.255', '127.0.0.0', '127.255.255.255', '128.0.0.0'],
    ['169.253.255.255', '169.254.0.0', '169.254.255.255', '169.255.0.0'],
    ['172.15.255.255', '172.16.0.0', '172.31.255.255', '172.32.0.0'],
    ['191.255.255.255', '192.0.0.0', '192.0.0.255', '192.0.1.0'],
    ['192.167.255.255', '192.168.0.0', '192.168.255.255', '192.169.0.0'],
    ['198.17.255.255', '198.18.0.0', '198.19.255.255', '198.20.0.0'],
    ['223.255.255.255', '224.0.0.0', '255.255.255.255', '1.0.0.0'],
    ['192.0.1.255', '192.0.2.0', '192.0.2.255', '192.0.3.0'],
    ['192.88.98.255', '192.88.99.0', '192.88.99.255', '192.88.100.0'],
    ['198.51.99.255', '198.51.100.0', '198.51.100.255', '198.51.101.0'],
    ['203.0.112.255', '203.0.113.0', '203.0.113.255', '203.0.114.0'],
    ['2606:4700::1111', '::', '::ffff:ffff', '::1:0:0:0'],
    ['64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff', '64:ff9b::', '64:ff9b::ffff:ffff', '64:ff9b::1:0:0'],
    ['64:ff9b:0:ffff::', '64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff', '64:ff9b:2::'],
    ['::fffe:ffff:ffff:ffff', '::ffff:0:0:0', '::ffff:0:ffff:ffff', '::ffff:1:0:0'],
    ['ff:ffff::', '100::', '100:0:0:1:ffff:ffff:ffff:ffff', '100:0:0:2::'],
    ['2000:ffff:ffff::', '2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', '2001:200::'],
    ['2001:db7:ffff::', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db9::'],
    ['2001:ffff:ffff::', '2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2003::'],
    ['3ffe:ffff::', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff:1000::'],
    ['5eff:ffff::', '5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '5f01::'],
    ['fbff:ffff::', 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fe00::'],
    ['fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2600::'],
    ['fe00::', 'fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2600::'],
    ['2600::', 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2600::'],
  ])('is none before %s, but from %s to %s, and none from %s on', (before, first, last, after) => {
    expect([first, last].map(isPrivateAddress)).toEqual([true, true]);
    if (before !== '255.255.255.255') expect(isPrivateAddress(before)).toBe(false);
    expect(isPrivateAddress(after)).toBe(false);
  });

  it.each([
    '169.254.169.254',
    '240.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::a00:1',
    '::10.0.0.1',
    '::ffff:0:10.0.0.1',
    '2002:a00:1::',
  ])('is %s', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8', 'example.com', ''])('is not %s', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

type Found = readonly [NodeJS.ErrnoException | null, string | readonly LookupAddress[], (number | undefined)?];

describe('the lookup', () => {
  const ask = (hostname: string, all: boolean, { lookup } = createAddressGuard([], 'here')): Promise<Found> =>
    new Promise((resolve) => lookup(hostname, { all }, (...found) => resolve(found)));

  it('refuses a name with a private address', async () => {
    expect((await ask('localhost', true))[0]).toMatchObject({ code: 'ERR_PRIVATE_ADDRESS' });
    expect((await ask('localhost', false))[0]).toMatchObject({ code: 'ERR_PRIVATE_ADDRESS' });
  });

  it('hands on public addresses and failures', async () => {
    expect(await ask('8.8.8.8', true)).toEqual([null, [{ address: '8.8.8.8', family: 4 }]]);
    expect(await ask('8.8.8.8', false)).toEqual([null, '8.8.8.8', 4]);
    expect((await ask(NO_SUCH_NAME, true))[0]).toHaveProperty('syscall', 'getaddrinfo');
  });

  it('refuses a name of which one address among others is private, and asks for all of them', async () => {
    const asked: LookupAllOptions[] = [];
    const addresses = [
      { address: '8.8.8.8', family: 4 },
      { address: '10.0.0.1', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ];
    const resolver = createAddressGuard([], 'here', (_name, options, done) => {
      asked.push(options);
      done(null, addresses);
    });
    expect((await ask('mixed.test', true, resolver))[0]).toMatchObject({ code: 'ERR_PRIVATE_ADDRESS' });
    expect((await ask('mixed.test', false, resolver))[0]).toMatchObject({ code: 'ERR_PRIVATE_ADDRESS' });
    expect(asked).toEqual([{ all: true }, { all: true }]);
  });

  it('hands on private addresses of allowed networks, and no others', async () => {
    const guardOf = (allowed: readonly string[], ...addresses: readonly string[]) =>
      createAddressGuard(allowed, 'here', (_name, _options, done) =>
        done(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
      );
    expect(await ask('soar.corp', false, guardOf(['10.1.0.0/16'], '10.1.2.3'))).toEqual([null, '10.1.2.3', 4]);
    expect(await ask('soar.corp', false, guardOf(['fd00::/8'], 'fd12::1'))).toEqual([null, 'fd12::1', 6]);
    const other = { code: 'ERR_PRIVATE_ADDRESS' };
    expect((await ask('soar.corp', false, guardOf(['10.1.0.0/16'], '10.2.0.1')))[0]).toMatchObject(other);
    expect((await ask('soar.corp', true, guardOf(['10.1.0.0/16'], '10.1.0.1', '127.0.0.1')))[0]).toMatchObject(other);
  });

  it.each(['10.1.0.0', '10.1.0.0/33', 'corp/8', '10.1/8'])('takes no %s for a network', (text) => {
    expect(() => createAddressGuard([text], 'targets.soar')).toThrow(
      `targets.soar.allowPrivate: "${text}" is no network; write it as 10.1.0.0/16.`,
    );
  });
});
