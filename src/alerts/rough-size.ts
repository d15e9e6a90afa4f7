import { MAX_DEPTH } from './cell.ts';

export const SCALAR_SIZE = 24;
/** A cell of MAX_DEPTH levels stands in a row, the row in a list, the list in an alert. */
const DEEPEST = MAX_DEPTH + 3;
/** Brackets: without them a list of nothing but empty lists would have no size. */
const BRACKETS = 2;
/** JSON writes no character in more bytes than this; quotes, commas and the like are counted with it by a wide margin. */
export const MOST_BYTES_OF_CHARACTER = 8;

/** About how many characters a value's JSON has, not counting escapes: cheap, for budgets and not for limits on what is sent. */
export function roughSize(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return SCALAR_SIZE;
  let size = BRACKETS;
  if (Array.isArray(value)) for (const item of value) size += roughSize(item, depth + 1);
  else size += sizeOfMembers(value as Readonly<Record<string, unknown>>, depth + 1);
  return size;
}

/** Most members are texts. */
function sizeOfMembers(bag: Readonly<Record<string, unknown>>, depth: number): number {
  let size = 0;
  for (const key of Object.keys(bag)) {
    const member = bag[key];
    size += key.length + (typeof member === 'string' ? member.length + 2 : roughSize(member, depth));
  }
  return size;
}

/** Whether a value's JSON has at most so many bytes for sure, so that it need not be measured. Its cells nest at most MAX_DEPTH levels. */
export function surelyWithin(value: unknown, bytes: number): boolean {
  return roughSize(value) * MOST_BYTES_OF_CHARACTER <= bytes;
}
