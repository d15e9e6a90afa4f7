import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { syncData, syncFolderOf } from './sync.ts';

const NEWLINE = 10;
/** Alerts are readable by their owner and its group only. */
const MODE = 0o640;
/** Never waits for the other end of what turns out to be a pipe. */
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NONBLOCK | constants.O_NOCTTY;

/** What an append to a regular file found. */
export interface Appended {
  /** Device and inode: another file of the same name has another one. */
  readonly file: string;
  /** Whether it is on the disk; false where the file system cannot sync. */
  readonly synced: boolean;
}

/**
 * Appends whole lines and returns once they are on the disk. A line that an earlier crash left torn is ended first; when
 * a write fails in the middle, what it wrote is cut off again, so that the file holds whole lines only. `known`: the file whose name
 * this process has made durable already.
 */
export async function appendDurably(path: string, text: string, known: string | null): Promise<Appended> {
  const handle = await open(path, FLAGS, MODE);
  try {
    const { size, dev, ino } = await handle.stat();
    const file = `${dev} ${ino}`;
    await appendOrCut(handle, (await endsTorn(handle, size)) ? `\n${text}` : text, size);
    const synced = await syncData(handle);
    // Whoever made the file may have died before its name was on the disk.
    if (file !== known) await syncFolderOf(path);
    return { file, synced };
  } finally {
    await handle.close();
  }
}

async function appendOrCut(file: FileHandle, text: string, size: number): Promise<void> {
  try {
    await file.appendFile(text);
  } catch (failure) {
    // Where the beginning cannot be cut off either, the next line begins on a new one.
    await file.truncate(size).catch(() => undefined);
    throw failure;
  }
}

async function endsTorn(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 1 && buffer[0] !== NEWLINE;
}
