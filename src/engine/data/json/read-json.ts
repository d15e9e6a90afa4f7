import { HuntwireError } from '../../../lib/errors.ts';
import type { DataFile } from '../data-file.ts';
import type { FileReading } from '../file-reading.ts';
import type { RawBatch, RawColumns } from '../raw-columns.ts';
import { BATCH, type ByteOptions, readBytes } from '../read-bytes.ts';
import { createJsonFrames, type JsonFrames } from './json-frames.ts';
import { quickBytes } from './quick-scan.ts';
import { createRecordTaker } from './record-taker.ts';
import { Malformed } from './scan-value.ts';

/** Bytes of one record at most, and of what an answer says beside its rows. */
const LONGEST_RECORD = 16_000_000;
/** The end of a file ends a number, too. */
const END = Buffer.from('\n');

/** The rows of a table in a file of JSON, a batch for every mebibyte of the file; memory does not grow with the file. */
export async function* readJson(
  file: DataFile,
  table: string,
  columns: RawColumns,
  reading: FileReading,
  options: ByteOptions,
): AsyncGenerator<RawBatch> {
  const frames = createJsonFrames(createRecordTaker(table, file.table === table, columns, reading), reading);
  const feeding: Feeding = { frames, left: [], leftSize: 0, done: 0, wanted: 0 };
  const onBroken = (): void => {
    reading.broken = true;
  };
  try {
    let taken = 0;
    for await (const chunk of readBytes(file, { ...options, onBroken })) {
      feed(feeding, chunk);
      taken += chunk.length;
      if (taken < BATCH) continue;
      taken = 0;
      yield columns.takeBatch();
    }
    finish(feeding);
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown;
    throw await unreadable(file, thrown.at, thrown.message, options.signal);
  }
  yield columns.takeBatch();
}

interface Feeding {
  readonly frames: JsonFrames;
  /** What is left of the bytes so far: in one, or in pieces until there are enough. */
  readonly left: Buffer[];
  leftSize: number;
  /** Bytes before these. */
  done: number;
  wanted: number;
}

/** Throws Malformed, with the offset in the file. */
function feed(feeding: Feeding, chunk: Buffer): void {
  const { left, frames, done } = feeding;
  const size = feeding.leftSize + chunk.length;
  // A long record is not looked at for every piece that comes.
  const bytes = size < feeding.wanted ? null : quickBytes([...left, chunk], size);
  const used = bytes ? fed(frames, bytes, done) : 0;
  if (bytes) left.length = 0;
  if (bytes) feeding.wanted = used === 0 ? 2 * size : 0;
  if (used < size) left.push(Buffer.from(bytes?.subarray(used) ?? chunk));
  feeding.leftSize = size - used;
  feeding.done += used;
  if (feeding.leftSize > LONGEST_RECORD) throw new Malformed(nextRecord(feeding), 'it is longer than 16 MB');
}

function fed(frames: JsonFrames, bytes: Buffer, done: number): number {
  try {
    return frames.feed(bytes);
  } catch (thrown) {
    throw thrown instanceof Malformed ? new Malformed(done + thrown.at, thrown.message) : thrown;
  }
}

function finish(feeding: Feeding): void {
  feeding.wanted = 0;
  feed(feeding, END);
  const blank = nextRecord(feeding) === feeding.done + feeding.leftSize;
  if (!blank || !feeding.frames.isComplete()) throw new Malformed(nextRecord(feeding), 'the file ends within it');
}

const SPACES: ReadonlySet<number> = new Set([0x20, 0x0a, 0x0d, 0x09, 0x1e]);

/** Where the record begins that is left over. */
function nextRecord({ left, leftSize, done }: Feeding): number {
  const first = Buffer.concat(left).findIndex((byte) => !SPACES.has(byte));
  return done + (first < 0 ? leftSize : first);
}

/** The line is counted only now, in a second look at the file. */
async function unreadable(file: DataFile, offset: number, reason: string, signal: AbortSignal): Promise<HuntwireError> {
  let line = 1;
  let at = 0;
  for await (const chunk of readBytes(file, { signal })) {
    const part = chunk.subarray(0, Math.max(0, offset - at));
    for (let next = part.indexOf(10); next >= 0; next = part.indexOf(10, next + 1)) line += 1;
    at += chunk.length;
    if (at >= offset) break;
  }
  return new HuntwireError('CONFIG_INVALID', `${file.path}:${line}: this record cannot be read: ${reason}.`);
}
