import type { Cell } from '../../sources/source.ts';
import { MAX_DEPTH } from '../cell.ts';
import { ticksOf } from '../event-time.ts';

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = /^-?\d{16,}$/;
const STARTS_LIKE_DATE = /^\d{4}-\d\d-\d\d/;

/**
 * The canonical text of a value of unknown type: keys sorted, empty members left out, JSON inside text parsed, dates as ticks
 * (Graph writes them anew with seven digits), integers beyond 2^53 with all their digits. Empty for an empty value.
 */
export function canonicalDynamic(cell: Cell | undefined, depth = 0): string {
  if (cell === null || cell === undefined || cell === '') return '';
  if (typeof cell === 'string') return canonicalText(cell, depth);
  if (typeof cell !== 'object') return String(cell);
  if (depth >= MAX_DEPTH) return '…';
  return Array.isArray(cell) ? canonicalList(cell, depth) : canonicalBag(cell as Readonly<Record<string, Cell>>, depth);
}

function canonicalList(items: readonly Cell[], depth: number): string {
  if (items.length === 0) return '';
  return `[${items.map((item) => canonicalDynamic(item, depth + 1)).join(',')}]`;
}

function canonicalBag(bag: Readonly<Record<string, Cell>>, depth: number): string {
  let text = '';
  for (const key of Object.keys(bag).sort()) {
    const value = canonicalDynamic(bag[key], depth + 1);
    if (value !== '') text += `${JSON.stringify(key)}:${value},`;
  }
  return text === '' ? '' : `{${text}}`;
}

function canonicalText(text: string, depth: number): string {
  const first = text[0];
  if (first === '{' || first === '[') {
    const parsed = parseJson(text);
    if (parsed !== undefined) return canonicalDynamic(parsed, depth);
  }
  if (isLongInteger(text)) return text;
  const ticks = STARTS_LIKE_DATE.test(text) ? ticksOf(text) : null;
  return ticks === null ? JSON.stringify(text) : `t${ticks}`;
}

function parseJson(text: string): Cell | undefined {
  try {
    return JSON.parse(/\d{16}/.test(text) ? text.replace(TOKEN, quoteLongInteger) : text) as Cell;
  } catch {
    return undefined; // text that only looks like JSON is text
  }
}

function quoteLongInteger(token: string): string {
  return isLongInteger(token) ? `"${token}"` : token;
}

/** Sources hand over integers beyond 2^53 as text, to keep their digits. */
function isLongInteger(text: string): boolean {
  return LONG_INTEGER.test(text) && !Number.isSafeInteger(Number(text));
}
