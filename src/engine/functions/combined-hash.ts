import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { wrap64 } from '../values/integer.ts';
import { textWriter } from '../values/text.ts';
import { defineBound, type FunctionBinding } from './define.ts';
import { bytesOfInteger, bytesWriter } from './hash-bytes.ts';
import { xxhash64 } from './xxhash.ts';

const NO_BYTES = Buffer.alloc(0);

type Bytes = (value: Value) => Buffer;

/**
 * One hash of several, whose order counts: XXH64 of their bytes, one behind the other, as a long. The service combines in a way that is not
 * documented, and says that hashes hold within one query only (hash_many of the documentation): so do these.
 */
function combine(hashes: readonly Buffer[]): number | bigint {
  return wrap64(xxhash64(Buffer.concat(hashes)));
}

function hashOf(bytes: Buffer): Buffer {
  return bytesOfInteger(xxhash64(bytes));
}

/** What `hash` does not take is hashed by its text: here nobody compares the hash with one of the service. */
function bytesOf(type: string): Bytes {
  const write = bytesWriter(type);
  if (write) return (value) => write(value) ?? NO_BYTES;
  const text = textWriter(type);
  return (value) => (value === null ? NO_BYTES : Buffer.from(text(value)));
}

/** `hash_many(value, …)`: a null has a hash, too, so that rows without a value stay a group of their own. */
function bindMany({ types }: FunctionBinding): ScalarCall {
  const writers = types.map(bytesOf);
  return (...values) => combine(writers.map((write, at) => hashOf(write(values[at] ?? null))));
}

/** `hash_combine(hash, …)`: `hash_many` of what was hashed. */
function combineHashes(...values: readonly Value[]): number | bigint {
  return combine(
    values.map((value) =>
      typeof value === 'number' || typeof value === 'bigint' ? bytesOfInteger(value) : hashOf(NO_BYTES),
    ),
  );
}

export const COMBINED_HASHES: readonly ScalarFunction[] = [
  defineBound('hash_many', bindMany),
  defineBound('hash_combine', () => combineHashes),
];
