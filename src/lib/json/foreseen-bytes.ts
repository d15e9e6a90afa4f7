import { writtenText } from './known-text.ts';

const foreseen = new WeakMap<object, Buffer>();

/** Texts that are written before they are wanted are kept where many of them take little. */
const LONGEST = 8 * 1024;
/** Of a UTF-16 unit in UTF-8. */
const MOST_BYTES = 3;
/** Many texts share a piece of memory beside the heap, where the collector does not copy them. */
const SHARED_BYTES = 64 * 1024;
let shared = Buffer.alloc(0);
let used = 0;

/**
 * The size of a value's JSON in UTF-8; one whose text has up to 8 Ki characters is remembered until it is taken. The value must not be
 * changed afterwards.
 */
export function foreseenSize(value: object): number {
  const text = JSON.stringify(value);
  if (text.length > LONGEST) return Buffer.byteLength(text);
  const bytes = keep(text);
  foreseen.set(value, bytes);
  return bytes.length;
}

/** A value's JSON in UTF-8; what is remembered is forgotten. Others may lie beside it in the same memory. */
export function takenBytes(value: object): Buffer {
  const bytes = foreseen.get(value) ?? Buffer.from(writtenText(value));
  foreseen.delete(value);
  return bytes;
}

/** Remembers a value's JSON in UTF-8, which somebody else has written, until it is taken. The bytes are copied. */
export function rememberBytes(value: object, bytes: Buffer): void {
  makeRoom(bytes.length);
  const begin = used;
  used += bytes.copy(shared, begin);
  foreseen.set(value, shared.subarray(begin, used));
}

function keep(text: string): Buffer {
  makeRoom(text.length * MOST_BYTES);
  const begin = used;
  used += shared.write(text, begin);
  return shared.subarray(begin, used);
}

function makeRoom(bytes: number): void {
  if (shared.length - used >= bytes) return;
  shared = Buffer.allocUnsafeSlow(SHARED_BYTES);
  used = 0;
}
