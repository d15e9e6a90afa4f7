import { MAX_DEPTH } from './cell.ts';

const SCALAR_SIZE = 24;

/** About how many characters a value's JSON has, not counting escapes: cheap, for budgets and not for limits on what is sent. */
export function roughSize(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return SCALAR_SIZE;
  let size = 0;
  if (Array.isArray(value)) for (const item of value) size += roughSize(item, depth + 1);
  else for (const [key, item] of Object.entries(value)) size += key.length + roughSize(item, depth + 1);
  return size;
}
