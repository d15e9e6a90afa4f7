import { isUtf8 } from 'node:buffer';
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { HuntwireError } from '../../lib/errors.ts';
import type { ScalarFunction, Value } from '../value.ts';
import { isArray } from '../values/dynamic.ts';
import { bytesOfGuid, guidOfBytes } from '../values/guid.ts';
import { alias, define } from './define.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** What compressed data may grow to. */
const LARGEST = 16_000_000;

function bytesOf(text: string): Buffer | null {
  return BASE64.test(text) ? Buffer.from(text, 'base64') : null;
}

/** Bytes as text; null where they are not UTF-8. */
function textOfBytes(bytes: Buffer): string | null {
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}

function decodeText(text: string): Value {
  const bytes = bytesOf(text);
  return bytes && textOfBytes(bytes);
}

function encodeBytes(values: Value): Value {
  if (!isArray(values)) return null;
  const isByte = (value: Value): value is number => typeof value === 'number' && value >= 0 && value <= 255;
  return values.every(isByte) ? Buffer.from(values).toString('base64') : null;
}

function decodeBytes(text: string): Value {
  const bytes = bytesOf(text);
  return bytes && [...bytes];
}

function decodeGuid(text: string): Value {
  const bytes = bytesOf(text);
  return bytes && guidOfBytes(bytes);
}

type Inflate = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;

function isTooLarge(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

/** Damaged data gives empty text, data that would be too large ends the query. */
function decompress(inflate: Inflate): (text: string) => Value {
  return (text) => {
    const bytes = bytesOf(text);
    try {
      return bytes && textOfBytes(inflate(bytes, { maxOutputLength: LARGEST }));
    } catch (error) {
      if (!isTooLarge(error)) return null;
      throw new HuntwireError('KQL_BUDGET', `Compressed data grows beyond ${LARGEST} bytes.`, { cause: error });
    }
  };
}

/** Text that compressing would not make shorter is stored as it is, as the service does. */
function compress(deflate: (text: string, options: { level: number }) => Buffer, header: (bytes: Buffer) => Buffer) {
  return (text: string): Value => {
    const bytes = deflate(text, { level: 1 });
    const shorter = bytes.length < deflate(text, { level: 0 }).length - STORING_BYTES;
    return header(shorter ? bytes : deflate(text, { level: 0 })).toString('base64');
  };
}

/** What storing adds to a text. */
const STORING_BYTES = 5;

/** The service names no operating system. */
function unknownSystem(bytes: Buffer): Buffer {
  bytes[8] = 0;
  bytes[9] = 0xff;
  return bytes;
}

const ENCODE = define('base64_encode_tostring', ['string'], (text) => Buffer.from(text).toString('base64'));
const DECODE = define('base64_decode_tostring', ['string'], decodeText);

/** Base64 and compressed text. */
export const ENCODING: readonly ScalarFunction[] = [
  ENCODE,
  alias('base64_encodestring', ENCODE),
  DECODE,
  alias('base64_decodestring', DECODE),
  define('base64_encode_fromarray', ['dynamic'], encodeBytes),
  define('base64_encode_fromguid', ['guid'], (guid) => Buffer.from(bytesOfGuid(guid)).toString('base64')),
  define('base64_decode_toarray', ['string'], decodeBytes),
  define('base64_decode_toguid', ['string'], decodeGuid),
  define('gzip_compress_to_base64_string', ['string'], compress(gzipSync, unknownSystem)),
  define(
    'zlib_compress_to_base64_string',
    ['string'],
    compress(deflateSync, (bytes) => bytes),
  ),
  define('gzip_decompress_from_base64_string', ['string'], decompress(gunzipSync)),
  define('zlib_decompress_from_base64_string', ['string'], decompress(inflateSync)),
];
