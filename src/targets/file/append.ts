import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../network-failure.ts';
import type { DeliveryResult } from '../target.ts';

const NEWLINE = 10;
/** Alerts are readable by their owner and its group only. */
const MODE = 0o640;

/**
 * Appends whole lines and returns once they are on the disk. A line that an earlier crash left torn is ended first; when
 * a write fails in the middle, what it wrote is cut off again, so that the file holds whole lines only.
 */
export async function appendDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'a+', MODE);
  try {
    const { size } = await file.stat();
    await appendOrCut(file, (await endsTorn(file, size)) ? `\n${text}` : text, size);
    await file.datasync();
    if (size === 0) await syncFolder(path);
  } finally {
    await file.close();
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

/** Makes a new file's name durable; some file systems cannot sync a folder, and need not. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync().catch(ignoreUnsupported);
  } finally {
    await folder.close();
  }
}

function ignoreUnsupported(thrown: unknown): void {
  if (!['EINVAL', 'EPERM', 'ENOTSUP'].includes(codeOf(thrown) ?? '')) throw thrown;
}

/** What a person has to repair before anything can be written. */
const BLOCKING: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `the folder ${dirname(path)} does not exist`,
  ENOTDIR: (path) => `${dirname(path)} is not a folder`,
  EISDIR: (path) => `${path} is a folder`,
  EACCES: (path) => `no permission to write to ${path}`,
  EPERM: (path) => `no permission to write to ${path}`,
  EROFS: (path) => `${path} lies on a read-only file system`,
  ENOSPC: (path) => `the disk of ${path} is full`,
  EDQUOT: (path) => `the disk quota for ${path} is used up`,
  EFBIG: (path) => `${path} has reached the largest size it may have`,
};

/** What a failed write means. */
export function fileResult(thrown: unknown, path: string): DeliveryResult {
  const code = codeOf(thrown);
  const words = code === null ? undefined : BLOCKING[code];
  if (words) return { kind: 'blocked', reason: `${words(path)} (${code})`, status: null, retryAfterMs: null };
  return {
    kind: 'again',
    reason: `${path} could not be written (${code ?? String(thrown)})`,
    status: null,
    retryAfterMs: null,
  };
}
