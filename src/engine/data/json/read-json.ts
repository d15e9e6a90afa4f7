import { HuntwireError } from '../../../lib/errors.ts';
import type { DataFile } from '../data-file.ts';
import type { FileReading } from '../file-reading.ts';
import type { RawBatch, RawColumns } from '../raw-columns.ts';
import { type ByteOptions, readBytes } from '../read-bytes.ts';
import { createJsonFrames, type JsonFrames } from './json-frames.ts';
import { createRecordTaker } from './record-taker.ts';
import { Malformed } from './scan-value.ts';

/** Bytes of one record at most, and of what an answer says beside its rows. */
const LONGEST_RECORD = 16_000_000;
/** The end of a file ends a number, too. */
const END = Buffer.from('\n');

/** The rows of a table in a file of JSON, a batch for every piece of the file; memory does not grow with the file. */
export async function* readJson(
  file: DataFile,
  table: string,
  columns: RawColumns,
  reading: FileReading,
  options: ByteOptions,
): AsyncGenerator<RawBatch> {
  const frames = createJsonFrames(createRecordTaker(table, file.table === table, columns, reading), reading);
  let rest: Buffer = Buffer.alloc(0);
  let done = 0;
  let wanted = 0;
  const { signal } = options;
  const take = async (chunk: Buffer): Promise<void> => {
    const bytes: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const used = bytes.length < wanted ? 0 : await feed(file, frames, bytes, done, signal);
    rest = bytes.subarray(used);
    done += used;
    // A long record is not looked at for every piece that comes.
    wanted = used === 0 ? Math.max(wanted, 2 * bytes.length) : 0;
    if (rest.length > LONGEST_RECORD)
      throw await unreadable(file, startOf(rest, done), 'it is longer than 16 MB', signal);
  };
  const onBroken = (): void => {
    reading.broken = true;
  };
  for await (const chunk of readBytes(file, { ...options, onBroken })) {
    await take(chunk);
    yield columns.takeBatch();
  }
  wanted = 0;
  await take(END);
  const blank = startOf(rest, 0) === rest.length;
  if (!blank || !frames.isComplete())
    throw await unreadable(file, startOf(rest, done), 'the file ends within it', signal);
  yield columns.takeBatch();
}

const SPACES: ReadonlySet<number> = new Set([0x20, 0x0a, 0x0d, 0x09, 0x1e]);

/** Where the record begins that is left over. */
function startOf(rest: Buffer, done: number): number {
  const first = rest.findIndex((byte) => !SPACES.has(byte));
  return done + (first < 0 ? rest.length : first);
}

async function feed(
  file: DataFile,
  frames: JsonFrames,
  bytes: Buffer,
  before: number,
  signal: AbortSignal,
): Promise<number> {
  try {
    return frames.feed(bytes);
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown;
    throw await unreadable(file, before + thrown.at, thrown.message, signal);
  }
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
