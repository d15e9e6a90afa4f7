import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../network-failure.ts';

/** What a sync says of a thing that cannot be synced (a pipe, a terminal, some file systems): nothing about what was written before. */
const UNSYNCABLE: ReadonlySet<string | null> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EROFS']);

/** Brings what was written to the disk; tells whether there is a disk to bring it to. */
export async function syncData(file: Pick<FileHandle, 'datasync'>): Promise<boolean> {
  try {
    await file.datasync();
    return true;
  } catch (thrown) {
    if (UNSYNCABLE.has(codeOf(thrown))) return false;
    throw thrown;
  }
}

/** Makes the name of a new file durable; some file systems cannot sync a folder, and need not. */
export async function syncFolderOf(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  try {
    await syncFolder(folder);
  } finally {
    await folder.close();
  }
}

export async function syncFolder(folder: Pick<FileHandle, 'sync'>): Promise<void> {
  try {
    await folder.sync();
  } catch (thrown) {
    const code = codeOf(thrown);
    if (!UNSYNCABLE.has(code) && code !== 'EPERM') throw thrown;
  }
}
