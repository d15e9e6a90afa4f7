/**
 * The first index from `from` on where bytes differ from the other's, which stand `shift` further on; `end` where none before it does.
 * Both must hold all of them, and the bytes themselves no 0, as JSON has none: eight bytes are compared as a double, of which only
 * zeros are equal without being the same, and NaN, which is not equal to itself, is looked at byte by byte.
 */
export function firstDifference(bytes: DataView, from: number, end: number, other: DataView, shift: number): number {
  let index = from;
  for (const last = end - 8; index <= last && bytes.getFloat64(index, true) === other.getFloat64(index + shift, true); )
    index += 8;
  for (const last = end - 4; index <= last; index += 4) {
    const differing = bytes.getInt32(index, true) ^ other.getInt32(index + shift, true);
    if (differing !== 0) return index + firstByte(differing);
  }
  while (index < end && bytes.getUint8(index) === other.getUint8(index + shift)) index++;
  return index;
}

/** Which of four bytes, read with the first as the lowest, has the lowest bit. */
export function firstByte(bits: number): number {
  return (31 - Math.clz32(bits & -bits)) >> 3;
}

const TOP_BITS = 0x80808080;
const ONES = 0x01010101;
const TWOS = 0x02020202;
const BLANKS_AND_ONE = 0x21212121;
const BACKSLASHES = 0x5c5c5c5c;

/**
 * Not 0 where one of four bytes does not stand for itself in a JSON string: a quote, a backslash, a control character, or a part of a
 * character that is no ASCII; the lowest bit is in the first of them. Of the control characters and the quote, and only of these, the
 * byte with its second bit turned is below 0x21. A byte is below a number if taking that from it sets the top bit that it had not; what
 * is borrowed for that from the byte above only matters behind the first.
 */
export function marksOf(four: number): number {
  const turned = four ^ TWOS;
  const escaped = four ^ BACKSLASHES;
  return (((turned - BLANKS_AND_ONE) & ~turned) | ((escaped - ONES) & ~escaped) | four) & TOP_BITS;
}
