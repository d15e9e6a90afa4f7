import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { textOfDynamic } from '../values/dynamic.ts';
import { define, defineBound } from './define.ts';
import { masked, type Network, parseIpv4, textOfIpv4 } from './ip-address.ts';

const WIDTH = 32;
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(parseIpv4).filter((network) => network !== null);

/** Whether a prefix given beside an address is one. */
function isPrefix(prefix: number): boolean {
  return prefix >= 0 && prefix <= WIDTH;
}

function compareNetworks(a: Network, b: Network, prefix: number): number {
  const bits = Math.min(a.prefix, b.prefix, prefix);
  const [x, y] = [masked(a.address, bits, WIDTH), masked(b.address, bits, WIDTH)];
  return x === y ? 0 : x < y ? -1 : 1;
}

/** -1, 0 or 1 over the bits that both prefixes leave; null for what is no address. */
function compare(first: string, second: string, prefix = WIDTH): number | null {
  const [a, b] = [parseIpv4(first), parseIpv4(second)];
  return a && b && isPrefix(prefix) ? compareNetworks(a, b, prefix) : null;
}

function isMatch(first: string, second: string, prefix?: number): Value {
  const order = compare(first, second, prefix);
  return order === null ? null : order === 0;
}

function isInRange(address: string, range: string): Value {
  return isMatch(address, range);
}

/** Whether the address is in one of the ranges; ranges that are none do not count. */
export function inAnyRange(test: (address: string, range: string) => Value): () => ScalarCall {
  return () =>
    (address = null, ...ranges) => {
      const text = textOfDynamic(address);
      if (test(text, text) === null) return null;
      return ranges.flat(1).some((range) => test(text, textOfDynamic(range)) === true);
    };
}

function isPrivate(address: string): Value {
  const network = parseIpv4(address);
  return network && PRIVATE.some((range) => compareNetworks(network, range, WIDTH) === 0);
}

function parse(address: string, prefix = WIDTH): Value {
  const network = parseIpv4(address);
  if (!network || !isPrefix(prefix)) return null;
  return Number(masked(network.address, Math.min(prefix, network.prefix), WIDTH));
}

function format(address: string, prefix: number, withPrefix: boolean): Value {
  const numeric = /^\d{1,10}$/.test(address) && Number(address) < 2 ** WIDTH;
  const network = numeric ? { address: BigInt(address), prefix: WIDTH } : parseIpv4(address);
  if (!network || !isPrefix(prefix)) return null;
  const bits = Math.min(prefix, network.prefix);
  const text = textOfIpv4(masked(network.address, bits, WIDTH));
  return withPrefix ? `${text}/${bits}` : text;
}

/** The fewest networks that cover all addresses from the first to the last. */
function rangeToNetworks(first: string, last: string): Value {
  const [from, to] = [parseIpv4(first), parseIpv4(last)];
  if (!from || !to) return null;
  const networks: string[] = [];
  for (let at = from.address; at <= to.address; ) {
    let bits = 0;
    while (bits < WIDTH && at % (2n << BigInt(bits)) === 0n && at + (2n << BigInt(bits)) - 1n <= to.address) bits += 1;
    networks.push(`${textOfIpv4(at)}/${WIDTH - bits}`);
    at += 1n << BigInt(bits);
  }
  return networks;
}

/** IPv4 addresses and networks in prefix notation. */
export const IPV4: readonly ScalarFunction[] = [
  define('ipv4_compare', ['string', 'string', 'index?'], compare),
  define('ipv4_is_match', ['string', 'string', 'index?'], isMatch),
  define('ipv4_is_in_range', ['string', 'string'], isInRange),
  defineBound('ipv4_is_in_any_range', inAnyRange(isInRange)),
  define('ipv4_is_private', ['string'], isPrivate),
  define('ipv4_netmask_suffix', ['string'], (address) => parseIpv4(address)?.prefix ?? null),
  define('ipv4_range_to_cidr_list', ['string', 'string'], rangeToNetworks),
  define('parse_ipv4', ['string'], (address) => parse(address)),
  define('parse_ipv4_mask', ['string', 'index'], parse),
  define('format_ipv4', ['string', 'index?'], (address, prefix = WIDTH) => format(address, prefix, false)),
  define('format_ipv4_mask', ['string', 'index?'], (address, prefix = WIDTH) => format(address, prefix, true)),
];
