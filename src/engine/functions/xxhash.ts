const PRIME_1 = 11_400_714_785_074_694_791n;
const PRIME_2 = 14_029_467_366_897_019_727n;
const PRIME_3 = 1_609_587_929_392_839_161n;
const PRIME_4 = 9_650_029_242_287_828_579n;
const PRIME_5 = 2_870_177_450_012_600_261n;

function cut(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function rotate(value: bigint, bits: bigint): bigint {
  return cut((value << bits) | (value >> (64n - bits)));
}

function round(accumulator: bigint, lane: bigint): bigint {
  return cut(rotate(cut(accumulator + lane * PRIME_2), 31n) * PRIME_1);
}

function mergeRound(hash: bigint, accumulator: bigint): bigint {
  return cut((hash ^ round(0n, accumulator)) * PRIME_1 + PRIME_4);
}

/** The hash of whole stripes of 32 bytes, or the start value for shorter data. */
function hashStripes(bytes: Buffer): bigint {
  if (bytes.length < 32) return PRIME_5;
  let lanes = [cut(PRIME_1 + PRIME_2), PRIME_2, 0n, cut(-PRIME_1)];
  for (let at = 0; at + 32 <= bytes.length; at += 32) {
    lanes = lanes.map((lane, index) => round(lane, bytes.readBigUInt64LE(at + index * 8)));
  }
  const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes;
  const mixed = cut(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
  return lanes.reduce(mergeRound, mixed);
}

function hashTail(bytes: Buffer, start: bigint): bigint {
  let hash = start;
  let at = bytes.length - (bytes.length % 32);
  for (; at + 8 <= bytes.length; at += 8) {
    hash = cut(rotate(hash ^ round(0n, bytes.readBigUInt64LE(at)), 27n) * PRIME_1 + PRIME_4);
  }
  if (at + 4 <= bytes.length) {
    hash = cut(rotate(hash ^ cut(BigInt(bytes.readUInt32LE(at)) * PRIME_1), 23n) * PRIME_2 + PRIME_3);
    at += 4;
  }
  for (; at < bytes.length; at += 1) hash = cut(rotate(hash ^ cut(BigInt(bytes[at] ?? 0) * PRIME_5), 11n) * PRIME_1);
  return hash;
}

/** XXH64 with seed 0 (xxHash specification), as an unsigned number. */
export function xxhash64(bytes: Buffer): bigint {
  let hash = hashTail(bytes, cut(hashStripes(bytes) + BigInt(bytes.length)));
  hash = cut((hash ^ (hash >> 33n)) * PRIME_2);
  hash = cut((hash ^ (hash >> 29n)) * PRIME_3);
  return hash ^ (hash >> 32n);
}
