import type { Value } from '../value.ts';
import { absoluteTicks } from '../values/ticks.ts';

export function bytesOfInteger(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)));
  return bytes;
}

/** Only types of 8 bytes, as a recorded datetime has them; null: of the others nobody knows, and a wrong hash looks right. */
export function bytesWriter(type: string): ((value: Value) => Buffer | null) | null {
  if (type === 'string') return (value) => (typeof value === 'string' ? Buffer.from(value) : null);
  if (type !== 'datetime' && type !== 'long' && type !== 'timespan') return null;
  const wholeOf = type === 'datetime' ? absoluteTicks : (value: number | bigint) => value;
  return (value) => (typeof value === 'number' || typeof value === 'bigint' ? bytesOfInteger(wholeOf(value)) : null);
}
