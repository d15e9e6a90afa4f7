/** A message of keys and values that must keep to a limit. */
export interface PairMessage<Pair> {
  /** The most important first. */
  readonly pairs: readonly Pair[];
  /** Says that something was left out; stands behind the first pair then. */
  readonly mark: Pair;
  /** How many of the first pairs every message keeps, the mark included. */
  readonly kept: number;
  /** The message with no value longer than `cap` characters; `isShort`: with a short header, too. */
  write(pairs: readonly Pair[], cap: number, isShort: boolean): string;
}

/** Longest values, tried one after another until the message fits; then pairs go, the least important first. */
const VALUE_CAPS = [1023, 255, 64];
const LEAST_CAP = 64;
/** UTF-8 needs at most three bytes for a unit of a JavaScript string. */
const MAX_BYTES_PER_UNIT = 3;

/** The message within `maxBytes` of UTF-8, as far as what every message keeps allows. null: no limit. */
export function fittedPairs<Pair>({ pairs, mark, kept, write }: PairMessage<Pair>, maxBytes: number | null): string {
  const whole = write(pairs, Number.POSITIVE_INFINITY, false);
  if (maxBytes === null || fits(whole, maxBytes)) return whole;
  const marked = [...pairs.slice(0, 1), mark, ...pairs.slice(1)];
  for (const cap of VALUE_CAPS) {
    const text = write(marked, cap, false);
    if (fits(text, maxBytes)) return text;
  }
  for (let count = marked.length; count > kept; count -= 1) {
    const text = write(marked.slice(0, count), LEAST_CAP, true);
    if (fits(text, maxBytes)) return text;
  }
  return write(marked.slice(0, kept), LEAST_CAP, true);
}

function fits(text: string, maxBytes: number): boolean {
  return text.length * MAX_BYTES_PER_UNIT <= maxBytes || Buffer.byteLength(text) <= maxBytes;
}
