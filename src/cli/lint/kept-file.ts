import { appendFileSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Cache } from '../../lib/cache.ts';
import { isOwnFile, readOwnFile } from '../../lib/files/own-file.ts';

/** A cache in one file. */
export interface KeptFile extends Cache {
  /** Writes what is new. */
  save(): void;
}

/** A hundred times what a thousand rules need. */
const LARGE_BYTES = 64 * 1024 * 1024;

interface Line {
  readonly start: number;
  readonly end: number;
}

/**
 * A cache in one file, for verbs that are called again and again: a line an answer, with its checksum and key, of which only those that are
 * asked for are parsed. New ones are put behind, so that several processes may write; when most of a large file was of no use to this one, it
 * is written anew. A file that cannot be read or written, or that somebody else may write to, is not there: losing it costs time.
 */
export function createKeptFile(file: string, largeBytes = LARGE_BYTES): KeptFile {
  let old: { readonly bytes: Buffer; readonly lines: ReadonlyMap<string, Line> } | null = null;
  const fresh = new Map<string, string>();
  const used = new Map<string, Line>();
  return {
    get: async (key) => {
      const known = fresh.get(key);
      if (known !== undefined) return known;
      old ??= readLines(file);
      const line = old.lines.get(key);
      const value = line ? valueIn(old.bytes, line, key) : null;
      if (line && value !== null) used.set(key, line);
      return value;
    },
    set: async (key, value) => {
      fresh.set(key, value);
    },
    save: () => {
      if (fresh.size === 0) return;
      const lines = Buffer.from([...fresh].map(([key, value]) => lineOf(key, value)).join(''));
      fresh.clear();
      const bytes = old?.bytes ?? Buffer.alloc(0);
      const kept = Buffer.concat([...used.values()].map(({ start, end }) => bytes.subarray(start, end + 1)));
      save(file, { fresh: lines, kept, largeBytes });
    },
  };
}

function lineOf(key: string, value: string): string {
  return `${checksum(key, value)} ${key} ${value}\n`;
}

function checksum(key: string, value: string): string {
  return crc32(`${key} ${value}`).toString(16).padStart(8, '0');
}

function readLines(file: string): { readonly bytes: Buffer; readonly lines: ReadonlyMap<string, Line> } {
  const bytes = readOrNothing(file);
  const lines = new Map<string, Line>();
  for (let start = 0, end = bytes.indexOf(10); end >= 0; start = end + 1, end = bytes.indexOf(10, start)) {
    const space = bytes.indexOf(32, start + 9);
    if (space > 0 && space < end) lines.set(bytes.toString('latin1', start + 9, space), { start, end });
  }
  return { bytes, lines };
}

function readOrNothing(file: string): Buffer {
  try {
    return readOwnFile(file) ?? Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}

/** A line that was cut, or changed, is none. */
function valueIn(bytes: Buffer, { start, end }: Line, key: string): string | null {
  const line = bytes.toString('utf8', start, end);
  const value = line.slice(key.length + 10);
  return line.slice(0, 8) === checksum(key, value) ? value : null;
}

interface Saving {
  readonly fresh: Buffer;
  /** What this process has used of what was there. */
  readonly kept: Buffer;
  readonly largeBytes: number;
}

function save(file: string, { fresh, kept, largeBytes }: Saving): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > 0 && !isOwnFile(file)) return;
    const rest = Buffer.concat([kept, fresh]);
    if (size > largeBytes && size > 2 * rest.length) {
      const beside = `${file}.${process.pid}`;
      writeFileSync(beside, rest, { mode: 0o600, flag: 'wx' });
      renameSync(beside, file);
    } else appendFileSync(file, fresh, { mode: 0o600 });
  } catch {
    // A full or read-only disk.
  }
}
