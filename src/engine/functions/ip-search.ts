import { createNeedle, hasTerm } from '../scalar-operators/terms.ts';
import type { ScalarCall, ScalarFunction } from '../value.ts';
import { textOfDynamic } from '../values/dynamic.ts';
import { defineBound } from './define.ts';
import { parseIpv4 } from './ip-address.ts';

const ADDRESS = /(?<![\p{L}\p{N}])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}])/gu;

/** A whole address, with nothing alphanumeric beside it. */
function hasAddress(text: string, address: string): boolean {
  if (address.includes('/') || parseIpv4(address) === null) return false;
  return hasTerm(text, createNeedle(address, true), { start: true, end: true });
}

/** An address in the text that begins so; a prefix ends with a dot or is a whole address. */
function hasPrefix(text: string, prefix: string): boolean {
  if (parseIpv4(prefix) !== null) return hasAddress(text, prefix);
  if (!/^(?:\d{1,3}\.){1,3}$/.test(prefix)) return false;
  return [...text.matchAll(ADDRESS)].some(([found]) => found.startsWith(prefix) && parseIpv4(found) !== null);
}

function search(name: string, test: (text: string, searched: string) => boolean): ScalarFunction {
  const call: ScalarCall = (source = null, ...searched) => {
    const text = textOfDynamic(source);
    return searched.flat(1).some((one) => test(text, textOfDynamic(one)));
  };
  return defineBound(name, ({ types }) => (types.length > 1 ? call : null));
}

/** IPv4 addresses inside texts. */
export const IP_SEARCH: readonly ScalarFunction[] = [
  search('has_ipv4', hasAddress),
  search('has_any_ipv4', hasAddress),
  search('has_ipv4_prefix', hasPrefix),
  search('has_any_ipv4_prefix', hasPrefix),
];
