/** An address or network as a number with the length of its prefix. */
export interface Network {
  readonly address: bigint;
  /** Bits that count, of 32 or 128. */
  readonly prefix: number;
}

/** No leading zeros: some programs read them as octal numbers. */
const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;
const MAPPED = 0xffff_0000_0000n;
/** Bits of an IPv6 address before the IPv4 address that is mapped into it. */
export const MAPPED_PREFIX = 96;

function splitPrefix(text: string, width: number): readonly [string, number] | null {
  const match = /^\s*([^/\s]+)(?:\/(\d{1,3}))?\s*$/.exec(text);
  const prefix = Number(match?.[2] ?? width);
  return match && prefix <= width ? [match[1] ?? '', prefix] : null;
}

function addressOfIpv4(text: string): bigint | null {
  const octets = IPV4.exec(text)?.slice(1).map(Number);
  if (!octets || octets.some((octet) => octet > 255)) return null;
  return BigInt(octets.reduce((all, octet) => all * 256 + octet, 0));
}

/** `a.b.c.d` or `a.b.c.d/prefix`; null for other text. */
export function parseIpv4(text: string): Network | null {
  const [host, prefix] = splitPrefix(text, 32) ?? [];
  const address = host === undefined ? null : addressOfIpv4(host);
  return address === null || prefix === undefined ? null : { address, prefix };
}

/** An IPv4 address at the end of an IPv6 one as two of its groups. */
function withoutDots(text: string): string | null {
  const at = text.lastIndexOf(':');
  if (!text.includes('.')) return text;
  const tail = addressOfIpv4(text.slice(at + 1));
  return tail === null
    ? null
    : `${text.slice(0, at + 1)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
}

function addressOfIpv6(text: string): bigint | null {
  const halves = (withoutDots(text) ?? '').split('::');
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const [head = [], tail = []] = groups;
  const gap = 8 - head.length - tail.length;
  if (halves.length > 2 || (halves.length === 2 ? gap < 1 : gap !== 0)) return null;
  const all = [...head, ...new Array<string>(Math.max(0, gap)).fill('0'), ...tail];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  return all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

/** An IPv6 address or network; an IPv4 one is mapped, and its prefix counts from bit 96 on, as it does after dots, where it is at most 32. */
export function parseIpv6(text: string): Network | null {
  if (!text.includes(':')) {
    const ipv4 = parseIpv4(text);
    return ipv4 && { address: MAPPED | ipv4.address, prefix: ipv4.prefix + MAPPED_PREFIX };
  }
  const [host, prefix] = splitPrefix(text.split('%')[0] ?? '', 128) ?? [];
  const address = host === undefined ? null : addressOfIpv6(host);
  if (host === undefined || address === null || prefix === undefined) return null;
  if (!host.includes('.') || !/\/\d+\s*$/.test(text)) return { address, prefix };
  return prefix <= 32 ? { address, prefix: prefix + MAPPED_PREFIX } : null;
}

/** The address with the bits after the prefix cleared. */
export function masked(address: bigint, prefix: number, width: number): bigint {
  const rest = BigInt(width - prefix);
  return (address >> rest) << rest;
}

export function textOfIpv4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');
}

/** All eight groups with all their digits. */
export function textOfIpv6(address: bigint): string {
  const digits = address.toString(16).padStart(32, '0');
  return digits.match(/.{4}/g)?.join(':') ?? '';
}
