import { createHash } from 'node:crypto';
import type { ScalarCall, ScalarFunction } from '../value.ts';
import { canonical, wrap64 } from '../values/integer.ts';
import { textWriter } from '../values/text.ts';
import { alias, defineBound, type FunctionBinding } from './define.ts';
import { bytesWriter } from './hash-bytes.ts';
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
