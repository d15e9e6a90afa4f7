/** A control character or half of a pair is written as six bytes; everything else in fewer. */
const MOST_BYTES_OF_CHARACTER = 6;
/** The longest that a number, true, false or null is written. */
const MOST_BYTES_OF_SCALAR = 26;
/** Quotes, colon and comma, or brackets. */
const AROUND = 4;

/** Whether JSON data is within `maxBytes` as JSON, whatever its texts hold: seen without writing it. False says nothing. */
export function surelyFits(value: unknown, maxBytes: number): boolean {
  return roomBehind(value, maxBytes) >= 0;
}

function roomBehind(value: unknown, room: number): number {
  if (typeof value === 'string') return room - AROUND - MOST_BYTES_OF_CHARACTER * value.length;
  if (typeof value !== 'object' || value === null) return room - AROUND - MOST_BYTES_OF_SCALAR;
  let left = room - AROUND;
  for (const key in value) {
    if (left < 0) return left;
    left = roomBehind(
      (value as Readonly<Record<string, unknown>>)[key],
      left - AROUND - MOST_BYTES_OF_CHARACTER * key.length,
    );
  }
  return left;
}
