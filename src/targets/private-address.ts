import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { HuntwireError } from '../lib/errors.ts';
import { PRIVATE_ADDRESS } from './network-failure.ts';

/**
 * Networks that are not the public internet: RFC 1918, 2928, 3849, 3879, 3927, 4193, 4291, 5735, 6052, 6598, 6666, 8215, 9602, 9637
 * and 9780; and ways to wrap an IPv4 address into one of IPv6 (compatible, translated, 6to4, Teredo), which may lead to any of them.
 */
const PRIVATE_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
const PRIVATE_V6: readonly (readonly [string, number])[] = [
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 63],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const blocked = new BlockList();
for (const [network, prefix] of PRIVATE_V4) blocked.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of PRIVATE_V6) blocked.addSubnet(network, prefix, 'ipv6');

/** Whether a literal address lies in a private, loopback, link-local, multicast or reserved network. Names answer false. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return blocked.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Which addresses a connection may have. */
export interface AddressGuard {
  isRefused(address: string): boolean;
  /**
   * Fails with ERR_PRIVATE_ADDRESS when any of a name's addresses is refused. It is asked for the very connection that follows, so
   * that a name cannot be resolved to one address for the check and to another for the use.
   */
  readonly lookup: LookupFunction;
}

type LookupAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Public addresses, and those in `allowed` networks (`10.1.0.0/16`). Throws CONFIG_INVALID for what is no network. */
export function createAddressGuard(
  allowed: readonly string[],
  where: string,
  lookupAll: LookupAll = lookup,
): AddressGuard {
  const exempt = networksOf(allowed, where);
  const isRefused = (address: string): boolean =>
    isPrivateAddress(address) && !exempt.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  const guarded: LookupFunction = (hostname, options, callback) => {
    lookupAll(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      if (addresses.some((one) => isRefused(one.address))) return callback(privateAddressError(), []);
      const [first] = addresses;
      if (options.all || !first) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
  return { isRefused, lookup: guarded };
}

function networksOf(texts: readonly string[], where: string): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', prefix = ''] = text.split('/');
    try {
      list.addSubnet(
        address,
        /^\d+$/.test(prefix) ? Number(prefix) : Number.NaN,
        isIP(address) === 6 ? 'ipv6' : 'ipv4',
      );
    } catch (thrown) {
      const message = `${where}.allowPrivate: "${text}" is no network; write it as 10.1.0.0/16.`;
      throw new HuntwireError('CONFIG_INVALID', message, { cause: thrown });
    }
  }
  return list;
}

function privateAddressError(): NodeJS.ErrnoException {
  return Object.assign(new Error('The host has a private address.'), { code: PRIVATE_ADDRESS });
}
