import { appendFileSync, closeSync, mkdirSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Cache } from '../../lib/cache.ts';
import { isOwnFile, openOwnFile } from '../../lib/files/own-file.ts';

/** A cache in one file, which is open from the first answer that is asked for until it is saved or left. */
export interface KeptFile extends Cache {
  /** Writes what is new. */
  save(): void;
  /** Lets go of the file, with nothing written. */
  leave(): void;
}

/** A hundred times what a thousand rules need. */
const LARGE_BYTES = 64 * 1024 * 1024;

interface Line {
  readonly start: number;
  readonly end: number;
}

/**
 * A cache in one file, for what starts again and again: a line an answer, with its checksum and key, of which only those that are
 * asked for are read. New ones are put behind, so that several processes may write; when most of a large file was of no use to this one, it
 * is written anew. A file that cannot be read or written, or that somebody else may write to, is not there: losing it costs time.
 */
export function createKeptFile(file: string, largeBytes = LARGE_BYTES): KeptFile {
  let old: OldLines | null = null;
  const fresh = new Map<string, string>();
  const used = new Map<string, Line>();
  const leave = (): void => {
    if (old !== null && old.handle !== null) closeSync(old.handle);
    old = null;
    used.clear();
  };
  return {
    get: async (key) => {
      const known = fresh.get(key);
      if (known !== undefined) return known;
      old ??= openLines(file);
      const line = old.lines.get(key);
      const value = line ? valueIn(old, line, key) : null;
      if (line && value !== null) used.set(key, line);
      return value;
    },
    set: async (key, value) => {
      fresh.set(key, value);
    },
    save: () => {
      if (fresh.size > 0) {
        const lines = Buffer.from([...fresh].map(([key, value]) => lineOf(key, value)).join(''));
        fresh.clear();
        save(file, { fresh: lines, old, used: [...used.values()], largeBytes });
      }
      leave();
    },
    leave,
  };
}

function lineOf(key: string, value: string): string {
  return `${checksum(key, value)} ${key} ${value}\n`;
}

function checksum(key: string, value: string): string {
  return crc32(`${key} ${value}`).toString(16).padStart(8, '0');
}

interface OldLines {
  /** Null: there is no file. */
  readonly handle: number | null;
  readonly lines: ReadonlyMap<string, Line>;
}

function openLines(file: string): OldLines {
  let handle: number | null = null;
  try {
    handle = openOwnFile(file);
    return { handle, lines: handle === null ? new Map() : linesOf(handle) };
  } catch {
    if (handle !== null) closeSync(handle);
    return { handle: null, lines: new Map() };
  }
}

/** So much of the file is in memory at once, and of each line so much that its key is in it. */
const CHUNK_BYTES = 1024 * 1024;
const HEAD_BYTES = 256;

function linesOf(handle: number): ReadonlyMap<string, Line> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const lines = new Map<string, Line>();
  let [start, head] = [0, ''];
  const read = (from: number, to: number): void => {
    head += chunk.toString('latin1', from, Math.min(to, from + HEAD_BYTES - head.length));
  };
  for (let offset = 0, size = 0; ; offset += size) {
    size = readSync(handle, chunk, 0, CHUNK_BYTES, offset);
    if (size === 0) return lines;
    let at = 0;
    for (let end = newlineIn(chunk, at, size); end >= 0; at = end + 1, end = newlineIn(chunk, at, size)) {
      read(at, end);
      const space = head.indexOf(' ', 9);
      if (space > 0) lines.set(head.slice(9, space), { start, end: offset + end });
      [start, head] = [offset + end + 1, ''];
    }
    read(at, size);
  }
}

function newlineIn(chunk: Buffer, from: number, size: number): number {
  const at = chunk.indexOf(10, from);
  return at < size ? at : -1;
}

/** A line that was cut, or changed, is none. */
function valueIn({ handle }: OldLines, { start, end }: Line, key: string): string | null {
  const line = handle === null ? '' : bytesAt(handle, start, end).toString('utf8');
  const value = line.slice(key.length + 10);
  return line.slice(0, 8) === checksum(key, value) ? value : null;
}

function bytesAt(handle: number, start: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafe(end - start);
  return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, start));
}

interface Saving {
  readonly fresh: Buffer;
  readonly old: OldLines | null;
  /** What this process has used of what was there. */
  readonly used: readonly Line[];
  readonly largeBytes: number;
}

function save(file: string, { fresh, old, used, largeBytes }: Saving): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > 0 && !isOwnFile(file)) return;
    const needed = used.reduce((sum, { start, end }) => sum + end + 1 - start, fresh.length);
    if (size > largeBytes && size > 2 * needed) writeAnew(file, old, used, fresh);
    else appendFileSync(file, fresh, { mode: 0o600 });
  } catch {
    // A full or read-only disk.
  }
}

function writeAnew(file: string, old: OldLines | null, used: readonly Line[], fresh: Buffer): void {
  const { handle = null } = old ?? {};
  const kept = handle === null ? [] : used.map(({ start, end }) => bytesAt(handle, start, end + 1));
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, Buffer.concat([...kept, fresh]), { mode: 0o600, flag: 'wx' });
  renameSync(beside, file);
}
