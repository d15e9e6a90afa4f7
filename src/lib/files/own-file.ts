import { closeSync, fstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs';

/** A file that decides what runs, or what is believed, where nobody but its owner may write to it, and the owner is this process', or the administrator. */
export function readOwnFile(file: string): Buffer | null {
  const handle = openOwnFile(file);
  if (handle === null) return null;
  try {
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Such a file to read from; who opens it closes it. */
export function openOwnFile(file: string): number | null {
  const handle = openSync(file, 'r');
  if (isOwn(fstatSync(handle))) return handle;
  closeSync(handle);
  return null;
}

/** Whether there is such a file. */
export function isOwnFile(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? found.isFile() && isOwn(found) : false;
}

function isOwn({ uid, mode }: Stats): boolean {
  const user = process.getuid?.();
  return user === undefined || ((uid === user || uid === 0) && (mode & 0o022) === 0);
}
