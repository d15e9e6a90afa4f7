import { createHash } from 'node:crypto';
import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { canonical, wrap64 } from '../values/integer.ts';
import { textWriter } from '../values/text.ts';
import { absoluteTicks } from '../values/ticks.ts';
import { alias, defineBound, type FunctionBinding } from './define.ts';
import { xxhash64 } from './xxhash.ts';

/** Hex digest of a value's text; empty text stays empty. */
function digest(name: string, algorithm: string): ScalarFunction {
  return defineBound(name, ({ types: [type = ''] }) => {
    const write = textWriter(type);
    return (value = null) => {
      const text = write(value);
      return text === '' ? '' : createHash(algorithm).update(text).digest('hex');
    };
  });
}

function bytesOfInteger(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)));
  return bytes;
}

/** Only types of 8 bytes, as a recorded datetime has them; the others are refused, because a wrong hash looks right. */
function bytesWriter(type: string): ((value: Value) => Buffer | null) | null {
  if (type === 'string') return (value) => (typeof value === 'string' ? Buffer.from(value) : null);
  if (type !== 'datetime' && type !== 'long' && type !== 'timespan') return null;
  const wholeOf = type === 'datetime' ? absoluteTicks : (value: number | bigint) => value;
  return (value) => (typeof value === 'number' || typeof value === 'bigint' ? bytesOfInteger(wholeOf(value)) : null);
}

/** `hash(value, modulo)`: XXH64 as a long, or its rest. */
function bindHash({ types: [type = ''] }: FunctionBinding): ScalarCall | null {
  const write = bytesWriter(type);
  return (
    write &&
    ((value = null, modulus) => {
      const bytes = write(value);
      if (!bytes) return null;
      const hash = xxhash64(bytes);
      if (modulus === undefined) return wrap64(hash);
      return typeof modulus === 'number' && modulus > 0 ? canonical(hash % BigInt(modulus)) : null;
    })
  );
}

const HASH = defineBound('hash', bindHash);

export const HASHES: readonly ScalarFunction[] = [
  HASH,
  alias('hash_xxhash64', HASH),
  digest('hash_md5', 'md5'),
  digest('hash_sha1', 'sha1'),
  digest('hash_sha256', 'sha256'),
];
