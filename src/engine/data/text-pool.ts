/** Texts of one column that came lately, so that equal ones are one text: columns of events hold few names many times. */
export interface TextPool {
  /** The text between the offsets: UTF-8 without quotes and escapes. */
  text(bytes: Buffer, start: number, end: number): string;
}

interface Entry {
  readonly bytes: Buffer;
  readonly text: string;
}

const SLOTS = 1024;
/** Longer texts are seldom the same. */
const LONGEST = 64;
/** After so many texts a pool that has seldom helped is given up. */
const TRIAL = 4096;

export function createTextPool(): TextPool {
  let entries: (Entry | undefined)[] | null = new Array<Entry | undefined>(SLOTS).fill(undefined);
  let asked = 0;
  let helped = 0;
  return {
    text(bytes, start, end) {
      if (!entries || end - start > LONGEST) return decoded(bytes, start, end);
      asked += 1;
      const slot = slotOf(bytes, start, end);
      const known = entries[slot];
      if (known && isSame(known.bytes, bytes, start, end)) {
        helped += 1;
        return known.text;
      }
      const text = decoded(bytes, start, end);
      entries[slot] = { bytes: Buffer.from(bytes.subarray(start, end)), text };
      if (asked === TRIAL && helped < asked / 2) entries = null;
      return text;
    },
  };
}

/** FNV-1a, the low bits. */
function slotOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}

function isSame(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at += 1) if (known[at] !== bytes[start + at]) return false;
  return true;
}

function decoded(bytes: Buffer, start: number, end: number): string {
  let bits = 0;
  for (let at = start; at < end; at += 1) bits |= bytes[at] as number;
  return bytes.toString(bits < 0x80 ? 'latin1' : 'utf8', start, end);
}
