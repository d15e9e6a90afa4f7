import { closeSync, fstatSync, openSync, readSync, read as readWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import { HuntwireError } from '../../../lib/errors.ts';

/** An open file as its reader wants it: any part of it, at once. */
export interface FileBytes {
  readonly byteLength: number;
  /** When it was changed last, in epoch milliseconds. */
  readonly changedAt: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
  close(): void;
}

/** To hand over so little to another thread costs more than to do it. */
const SMALL = 262_144;
const readElsewhere = promisify(readWithCallback);

export function openBytes(path: string): FileBytes {
  const file = openSync(path, 'r');
  const { size, mtimeMs } = fstatSync(file);
  return {
    byteLength: size,
    changedAt: mtimeMs,
    slice: (start, end = size) => readPart(file, path, start, Math.min(end, size)),
    close: () => closeSync(file),
  };
}

async function readPart(file: number, path: string, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(Math.max(0, end - start));
  let done = 0;
  while (done < bytes.length) {
    const bytesRead = await readSome(file, bytes.subarray(done), start + done);
    if (bytesRead === 0) throw new HuntwireError('CONFIG_INVALID', `${path} became shorter while it was read.`);
    done += bytesRead;
  }
  return bytes.buffer;
}

function readSome(file: number, into: Uint8Array, at: number): number | Promise<number> {
  if (into.length <= SMALL) return readSync(file, into, 0, into.length, at);
  return readElsewhere(file, into, 0, into.length, at).then(({ bytesRead }) => bytesRead);
}
