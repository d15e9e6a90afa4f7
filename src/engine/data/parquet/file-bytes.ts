import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { HuntwireError } from '../../../lib/errors.ts';

/** An open file as its reader wants it: any part of it, at once. */
export interface FileBytes {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
  close(): Promise<void>;
}

export async function openBytes(path: string): Promise<FileBytes> {
  const handle = await open(path);
  const { size } = await handle.stat();
  return {
    byteLength: size,
    slice: (start, end = size) => readPart(handle, path, start, Math.min(end, size)),
    close: () => handle.close(),
  };
}

/** To hand over a smaller part to another thread costs more than to read it. */
const SMALL = 262_144;

async function readPart(handle: FileHandle, path: string, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(Math.max(0, end - start));
  let done = 0;
  while (done < bytes.length) {
    const bytesRead = await readSome(handle, bytes.subarray(done), start + done);
    if (bytesRead === 0) throw new HuntwireError('CONFIG_INVALID', `${path} became shorter while it was read.`);
    done += bytesRead;
  }
  return bytes.buffer;
}

function readSome(handle: FileHandle, into: Uint8Array, at: number): number | Promise<number> {
  if (into.length <= SMALL) return readSync(handle.fd, into, 0, into.length, at);
  return handle.read(into, 0, into.length, at).then(({ bytesRead }) => bytesRead);
}
