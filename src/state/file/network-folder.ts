import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { HuntwireError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';

/** What is asked of the operating system, so that tests can answer. */
export interface FolderMounts {
  /** The number of the kind of file system that a folder is on (statfs). */
  readonly fileSystem: (folder: string) => number;
  /** What is mounted where, as Linux writes it in /proc/self/mountinfo. */
  readonly mounts: () => string;
}

export const realMounts: FolderMounts = {
  fileSystem: (folder) => statfsSync(folder).type,
  mounts: () => readFileSync('/proc/self/mountinfo', 'utf8'),
};

/** By the kernel's numbers: https://man7.org/linux/man-pages/man2/statfs.2.html and its magic.h. */
const OVER_NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
]);
/** Programs that serve files; some of them over a network. */
const FUSE = 0x65735546;
const FUSE_OVER_NETWORK =
  /^fuse\.(sshfs|glusterfs|s3fs|gcsfuse|goofys|rclone|ceph-fuse|ceph|davfs2?|curlftpfs|smbnetfs|blobfuse2?|mount-s3|juicefs|moosefs|mfs)$/i;

/** The file system over a network that a folder is on, or will be once it is made; null: it is on none that can be told. */
export function networkOf(folder: string, { fileSystem, mounts }: FolderMounts = realMounts): string | null {
  if (process.platform !== 'linux') return null;
  const there = nearestFolder(folder);
  try {
    const kind = fileSystem(there);
    if (kind === FUSE) return fuseOf(there, mounts());
    return OVER_NETWORK.get(kind) ?? null;
  } catch {
    // Whoever opens the file is told what is wrong with its folder.
    return null;
  }
}

export function nearestFolder(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : nearestFolder(dirname(folder));
}

/** The mount nearest to the folder: `… mount-point options … - type source options`. */
function fuseOf(folder: string, mounts: string): string | null {
  const rows = mounts.split('\n').map((line) => line.split(' '));
  const holding = rows.filter(([, , , , point = ' ']) => `${folder}/`.startsWith(point === '/' ? '/' : `${point}/`));
  const nearest = holding.sort((one, other) => (other[4]?.length ?? 0) - (one[4]?.length ?? 0))[0] ?? [];
  const type = nearest[nearest.indexOf('-') + 1] ?? '';
  return FUSE_OVER_NETWORK.test(type) ? type : null;
}

export interface FilePlace {
  readonly path: string;
  /** Whether it may lie on a file system over a network. */
  readonly overNetwork?: boolean;
}

/** What is wrong with such a place, as run and doctor say it. */
export function networkSentence(path: string, network: string): string {
  return `${dirname(path)} is on a file system over a network (${network}): whether another machine runs on this file cannot be told`;
}

export const NETWORK_CURE =
  'Keep it on a disk of this machine, let several machines share a database (state.url), or vouch that no other one uses it (state.overNetwork: true).';

/**
 * SQLite shares memory beside its file, which no other machine sees, and its locks may not hold there: two that run on it would tell
 * everything twice and could damage it. Throws STATE_FAILED, or warns where somebody vouches for it.
 */
export function requireLocalFile(
  { path, overNetwork = false }: FilePlace,
  log: Log,
  mounts: FolderMounts = realMounts,
): void {
  const network = networkOf(dirname(path), mounts);
  if (network === null) return;
  const sentence = networkSentence(path, network);
  if (!overNetwork) throw new HuntwireError('STATE_FAILED', `${sentence}. ${NETWORK_CURE}`);
  log.warn(`${sentence}; state.overNetwork says that none does`, {});
}
