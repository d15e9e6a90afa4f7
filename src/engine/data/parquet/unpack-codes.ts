import { quickUnpack } from '../../runtime/quick-codes.ts';

/** Codes of more bits are left to the general reader. */
export const WIDEST = 24;
const LONGEST_HEADER = 5;

/**
 * Reads Parquet's hybrid of runs and packed bits into `into`, all of it; gives the greatest of the numbers. Throws RangeError where the bytes end first.
 * @param width bits of one number, at most `WIDEST`
 */
export function unpackHybrid(bytes: Uint8Array, start: number, width: number, into: Int32Array): number {
  if (width === 0) into.fill(0);
  const quick = width === 0 ? 0 : quickUnpack(bytes.subarray(start), width, into);
  if (quick === -1) throw new RangeError('codes end too early');
  if (quick !== null) return quick;
  unpackPlainly(bytes, start, width, into);
  let greatest = 0;
  for (let index = 0; index < into.length; index += 1) greatest = Math.max(greatest, into[index] as number);
  return greatest;
}

/** The same without WebAssembly. */
export function unpackPlainly(bytes: Uint8Array, start: number, width: number, into: Int32Array): void {
  let at = start;
  let filled = 0;
  while (filled < into.length) {
    const header = headerAt(bytes, at);
    at += sizeAt(bytes, at);
    if ((header & 1) === 1) {
      const count = Math.min((header >>> 1) * 8, into.length - filled);
      unpackBits(bytes, at, width, into, filled, count);
      at += (header >>> 1) * width;
      filled += count;
    } else {
      const count = Math.min(header >>> 1, into.length - filled);
      into.fill(runValue(bytes, at, width), filled, filled + count);
      at += (width + 7) >> 3;
      filled += count;
    }
  }
}

/** Whether the numbers begin with a run of so many ones. */
export function isOneRun(bytes: Uint8Array, start: number, count: number): boolean {
  const header = headerAt(bytes, start);
  return (header & 1) === 0 && header >>> 1 >= count && bytes[start + sizeAt(bytes, start)] === 1;
}

function headerAt(bytes: Uint8Array, start: number): number {
  let header = 0;
  for (let index = 0; ; index += 1) {
    const byte = byteAt(bytes, start + index);
    header |= (byte & 127) << (7 * index);
    if (byte < 128 || index === LONGEST_HEADER - 1) return header >>> 0;
  }
}

/** Bytes of the header there. */
function sizeAt(bytes: Uint8Array, start: number): number {
  let size = 1;
  while (size < LONGEST_HEADER && byteAt(bytes, start + size - 1) >= 128) size += 1;
  return size;
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new RangeError('codes end too early');
  return byte;
}

function runValue(bytes: Uint8Array, start: number, width: number): number {
  let value = 0;
  for (let index = 0; index < (width + 7) >> 3; index += 1) value |= byteAt(bytes, start + index) << (8 * index);
  return value;
}

function unpackBits(
  bytes: Uint8Array,
  start: number,
  width: number,
  into: Int32Array,
  first: number,
  count: number,
): void {
  if (start + ((count * width + 7) >> 3) > bytes.length) throw new RangeError('codes end too early');
  const mask = (1 << width) - 1;
  const eights = width <= 4 ? count >> 3 : 0;
  for (let group = 0; group < eights; group += 1)
    unpackEight(bytes, start + group * width, width, into, first + group * 8);
  let [at, held, have] = [start + eights * width, 0, 0];
  for (let index = eights * 8; index < count; index += 1) {
    while (have < width) {
      held |= (bytes[at] as number) << have;
      at += 1;
      have += 8;
    }
    into[first + index] = held & mask;
    held >>>= width;
    have -= width;
  }
}

/** Eight numbers of at most four bits each are one word. */
function unpackEight(bytes: Uint8Array, at: number, width: number, into: Int32Array, first: number): void {
  let word = 0;
  for (let index = 0; index < width; index += 1) word |= (bytes[at + index] as number) << (8 * index);
  const mask = (1 << width) - 1;
  for (let index = 0; index < 8; index += 1) into[first + index] = (word >>> (index * width)) & mask;
}
