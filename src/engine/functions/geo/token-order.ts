/**
 * The order in which the service gives the cells that it collects in a set: that of a hash table of texts. Recorded results keep to it
 * in every case (neighbors of S2 and H3 cells, H3 cells of a polygon). A set has no order, so this is a choice: see docs/kql-differences.md.
 */

const MASK = (1n << 64n) - 1n;
const FACTOR = 0xc6a4a7935bd1e995n;
const SEED = 0xc70f6907n;

/** Sizes of the table, each about 1.09 times the one before. */
const SIZES = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 103, 109, 113, 127,
  137, 139, 149, 157, 167, 179, 193, 199, 211, 227, 241, 257, 277, 293, 313, 337, 359, 383, 409, 439, 467, 503, 541,
  577, 619, 661, 709, 761, 823, 887, 953, 1031, 1109, 1193, 1289, 1381, 1493, 1613, 1741, 1879, 2029, 2179, 2357, 2549,
  2753, 2971, 3209, 3469, 3739, 4027, 4349, 4703, 5087, 5503, 5953, 6427, 6949, 7517, 8123, 8783, 9497, 10273, 11113,
  12011, 12983, 14033, 15173, 16411, 17749, 19183, 20753, 22447, 24281, 26267, 28411, 30727, 33223, 35933, 38873, 42043,
  45481, 49201, 53201, 57557, 62233, 67307, 72817,
];

/** A 64-bit hash (MurmurHash2) of ASCII text. */
function hashOfText(text: string): bigint {
  const bytes = Buffer.from(text, 'latin1');
  const whole = bytes.length - (bytes.length % 8);
  let hash = SEED ^ ((BigInt(bytes.length) * FACTOR) & MASK);
  for (let at = 0; at < whole; at += 8) {
    const scrambled = (bytes.readBigUInt64LE(at) * FACTOR) & MASK;
    hash ^= ((scrambled ^ (scrambled >> 47n)) * FACTOR) & MASK;
    hash = (hash * FACTOR) & MASK;
  }
  if (whole < bytes.length) {
    const rest = [...bytes.subarray(whole)].reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    hash = ((hash ^ rest) * FACTOR) & MASK;
  }
  hash = ((hash ^ (hash >> 47n)) * FACTOR) & MASK;
  return hash ^ (hash >> 47n);
}

/** Tokens in the order of the table: new buckets go to the front, and so does a token within its bucket. */
export function inTableOrder(tokens: readonly string[]): string[] {
  const distinct = [...new Set(tokens)];
  const size = SIZES.find((one) => one >= tokens.length);
  if (size === undefined) return distinct;
  const buckets = new Map<bigint, string[]>();
  for (const token of distinct) {
    const bucket = hashOfText(token) % BigInt(size);
    buckets.set(bucket, [token, ...(buckets.get(bucket) ?? [])]);
  }
  return [...buckets.values()].toReversed().flat();
}
