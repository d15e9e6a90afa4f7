import { isIpv4, isIpv6 } from '../ip-address.ts';
import type { ValueKind } from './field.ts';

/** What a format writes: text, a whole number, or a time in epoch milliseconds, by the kind of its line. */
export type MappedValue = string | number;

const HIGHEST_PORT = 65_535;
const BARE_MAC = /^[0-9a-f]{12}$/i;
const SEPARATED_MAC = /^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i;
const NAMED_ADDRESS = /^[^<>]*<([^<>\s]+)>\s*$/;
const SHORTEST_TIME = '2026-01-01T00:00Z'.length;

/**
 * A cell as its line's kind wants it; null where it says nothing or something else: text that is not blank, numbers that are whole
 * and not negative, ports up to 65,535, addresses without their zone, MACs as AA-BB-CC-DD-EE-FF, mail addresses without a display name.
 */
export function mappedValue(kind: ValueKind, cell: unknown): MappedValue | null {
  if (cell === null || cell === undefined || cell === '') return null;
  return READERS[kind](cell);
}

const READERS: Readonly<Record<ValueKind, (cell: unknown) => MappedValue | null>> = {
  text: textOf,
  lower: (cell) => textOf(cell)?.toLowerCase() ?? null,
  count: countIn,
  port: (cell) => {
    const port = countIn(cell);
    return port !== null && port <= HIGHEST_PORT ? port : null;
  },
  time: timeOf,
  ip: ipOf,
  mac: macOf,
  mail: (cell) => {
    const text = textOf(cell);
    return text === null ? null : (NAMED_ADDRESS.exec(text)?.[1] ?? text);
  },
};

function textOf(cell: unknown): string | null {
  if (typeof cell === 'string') return isBlank(cell) ? null : cell;
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  return typeof cell === 'object' && cell !== null ? nestedText(cell) : null;
}

/** The first character decides for nearly all texts. */
function isBlank(text: string): boolean {
  return text.charCodeAt(0) <= 0x20 && text.trim() === '';
}

/** Lists and bags as JSON; nothing for empty ones. */
function nestedText(cell: object): string | null {
  const text = JSON.stringify(cell);
  return text === '[]' || text === '{}' ? null : text;
}

function countIn(cell: unknown): number | null {
  const number = typeof cell === 'string' && /^\d{1,16}$/.test(cell) ? Number(cell) : cell;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** The time that was read last: an alert's times, and those of alerts of one run, are often the same. */
let latest: { readonly text: string; readonly time: number | null } = { text: '', time: null };

function timeOf(cell: unknown): number | null {
  if (typeof cell !== 'string' || cell.length < SHORTEST_TIME || cell[4] !== '-') return null;
  if (cell === latest.text) return latest.time;
  const time = Date.parse(cell);
  latest = { text: cell, time: Number.isNaN(time) || time < 0 ? null : time };
  return latest.time;
}

function ipOf(cell: unknown): string | null {
  if (typeof cell !== 'string') return null;
  const text = cell.trim();
  const zone = text.indexOf('%');
  const address = zone < 0 ? text : text.slice(0, zone);
  return isIpv4(address) || isIpv6(address) ? address : null;
}

function macOf(cell: unknown): string | null {
  if (typeof cell !== 'string') return null;
  const text = cell.trim().toUpperCase();
  if (SEPARATED_MAC.test(text)) return text.replaceAll(':', '-');
  return BARE_MAC.test(text) ? (text.match(/../g) ?? []).join('-') : null;
}
