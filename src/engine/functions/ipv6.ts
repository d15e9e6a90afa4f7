import type { ScalarFunction, Value } from '../value.ts';
import { define, defineBound } from './define.ts';
import { MAPPED_PREFIX, masked, type Network, parseIpv6, textOfIpv6 } from './ip-address.ts';
import { inAnyRange } from './ipv4.ts';

const WIDTH = 128;
const MAPPED = 0xffff_0000_0000n;

/** Addresses written `::a.b.c.d` compare as the IPv4 address that they hold. */
function comparable(text: string): Network | null {
  const network = parseIpv6(text);
  const holdsIpv4 = network !== null && text.includes('.') && network.address >> 32n === 0n;
  return holdsIpv4 ? { ...network, address: network.address | MAPPED } : network;
}

function prefixFor(first: string, second: string, prefix: number): number {
  const isIpv4 = !first.includes(':') && !second.includes(':') && prefix <= 32;
  return isIpv4 ? prefix + MAPPED_PREFIX : prefix;
}

function compare(first: string, second: string, prefix = WIDTH): number | null {
  const [a, b] = [comparable(first), comparable(second)];
  if (!a || !b || !(prefix >= 0 && prefix <= WIDTH)) return null;
  const bits = Math.min(a.prefix, b.prefix, prefixFor(first, second, prefix));
  const [x, y] = [masked(a.address, bits, WIDTH), masked(b.address, bits, WIDTH)];
  return x === y ? 0 : x < y ? -1 : 1;
}

function isMatch(first: string, second: string, prefix?: number): Value {
  const order = compare(first, second, prefix);
  return order === null ? null : order === 0;
}

/** Whether an address lies in a range; null where either is not valid. */
export function isInRange(address: string, range: string): Value {
  return isMatch(address, range);
}

function parse(address: string, prefix = WIDTH): Value {
  const network = parseIpv6(address);
  if (!network || !(prefix >= 0 && prefix <= WIDTH)) return null;
  return textOfIpv6(masked(network.address, Math.min(prefix, network.prefix), WIDTH));
}

/** IPv6 addresses and networks; IPv4 ones are mapped into IPv6. */
export const IPV6: readonly ScalarFunction[] = [
  define('ipv6_compare', ['string', 'string', 'index?'], compare),
  define('ipv6_is_match', ['string', 'string', 'index?'], isMatch),
  define('ipv6_is_in_range', ['string', 'string'], isInRange),
  defineBound('ipv6_is_in_any_range', inAnyRange(isInRange)),
  define('parse_ipv6', ['string'], (address) => parse(address)),
  define('parse_ipv6_mask', ['string', 'index'], parse),
];
