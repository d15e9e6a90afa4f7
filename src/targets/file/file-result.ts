import { dirname } from 'node:path';
import { again, blocked } from '../delivery-result.ts';
import { codeOf } from '../network-failure.ts';
import type { DeliveryResult } from '../target.ts';

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
  ENXIO: (path) =>
    `nobody reads ${path}, or it is a socket (as standard output of a service is), which needs a stdout target`,
  EPIPE: (path) => `nobody reads ${path} any more`,
  EAGAIN: (path) => `whoever reads ${path} has taken nothing for a while`,
};

/** What a failed write means. */
export function fileResult(thrown: unknown, path: string): DeliveryResult {
  const code = codeOf(thrown);
  const words = code === null ? undefined : BLOCKING[code];
  if (words) return blocked(`${words(path)} (${code})`);
  return again(`${path} could not be written (${code ?? String(thrown)})`);
}
