import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { DiskCall } from './trace.ts';

/** What a power failure may leave of what was not synced: of every write any part of whole sectors, of every name whether it is there. */
export interface Loss {
  /** Whether a name that was made or removed has reached the disk. */
  keepsName(): boolean;
  /** Whether a change of a file has; `index` of `count` that are open for it, oldest first. */
  keepsChange(index: number, count: number): boolean;
  /** Of a write that is kept: whether a sector of it is. */
  keepsSector(): boolean;
}

const SECTOR = 512;

type Change = Extract<DiskCall, { readonly kind: 'write' | 'truncate' }> & { readonly at: number };

interface Inode {
  durable: Buffer;
  /** The size that the program sees, for writes at the end. */
  size: number;
  open: Change[];
}

interface Naming {
  readonly path: string;
  readonly inode: Inode | 'folder' | null;
  readonly at: number;
}

/** A disk below a folder: what is durable, and what is open, call by call. */
export interface Disk {
  apply(call: DiskCall, at: number): void;
  /** Writes what a power failure now would leave into `folder`. */
  fail(loss: Loss, folder: string): void;
}

export function createDisk(root: string): Disk {
  const names = new Map<string, Inode | 'folder'>();
  let durable = new Map<string, Inode | 'folder'>();
  let open: Naming[] = [];
  const inodeAt = (path: string): Inode => {
    const found = names.get(path);
    if (!found || found === 'folder') throw new Error(`no file ${path}`);
    return found;
  };
  const nameNow = (path: string, inode: Inode | 'folder' | null, at: number): void => {
    if (inode === null) names.delete(path);
    else names.set(path, inode);
    open.push({ path, inode, at });
  };
  const apply = (call: DiskCall, at: number): void => {
    if (call.kind === 'create') nameNow(call.path, { durable: Buffer.alloc(0), size: 0, open: [] }, at);
    else if (call.kind === 'mkdir') nameNow(call.path, 'folder', at);
    else if (call.kind === 'unlink') nameNow(call.path, null, at);
    else if (call.kind === 'write' || call.kind === 'truncate') change(inodeAt(call.path), call, at);
    else if (call.kind === 'sync' && (call.path === root || names.get(call.path) === 'folder')) {
      const done = open.filter((one) => dirname(one.path) === call.path && one.at < call.began);
      durable = renamed(durable, done);
      open = open.filter((one) => !done.includes(one));
    } else if (call.kind === 'sync') syncFile(inodeAt(call.path), call.began);
  };
  const fail = (loss: Loss, folder: string): void => {
    const left = renamed(
      durable,
      open.filter(() => loss.keepsName()),
    );
    for (const [path, inode] of [...left].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const place = join(folder, relative(root, path));
      if (dirname(path) !== root && left.get(dirname(path)) !== 'folder') continue;
      if (inode === 'folder') mkdirSync(place);
      // The shared memory of the log is mapped, not written: it is no part of what a restart finds.
      else if (!basename(path).endsWith('-shm')) writeFileSync(place, leftOf(inode, loss));
    }
  };
  return { apply, fail };
}

function renamed(names: ReadonlyMap<string, Inode | 'folder'>, changes: readonly Naming[]) {
  const next = new Map(names);
  for (const { path, inode } of changes) {
    if (inode === null) next.delete(path);
    else next.set(path, inode);
  }
  return next;
}

function change(inode: Inode, call: Change | Extract<DiskCall, { kind: 'write' | 'truncate' }>, at: number): void {
  if (call.kind === 'truncate') inode.size = call.size;
  if (call.kind === 'truncate') return void inode.open.push({ ...call, at });
  const offset = call.offset === 'end' ? inode.size : call.offset;
  inode.size = Math.max(inode.size, offset + call.data.length);
  inode.open.push({ ...call, offset, at });
}

function syncFile(inode: Inode, began: number): void {
  const done = inode.open.filter((one) => one.at < began);
  inode.durable = changed(inode.durable, done, () => true);
  inode.open = inode.open.filter((one) => one.at >= began);
}

function leftOf(inode: Inode, loss: Loss): Buffer {
  const kept = inode.open.filter((_, index) => loss.keepsChange(index, inode.open.length));
  return changed(inode.durable, kept, () => loss.keepsSector());
}

/** A file after changes; of a write only the sectors that are kept, and a hole where one before it is missing. */
function changed(content: Buffer, changes: readonly Change[], keepsSector: () => boolean): Buffer {
  let next = changes.length === 0 ? content : Buffer.from(content);
  for (const one of changes) {
    if (one.kind === 'truncate') next = resized(next, one.size);
    else next = written(next, Number(one.offset), one.data, keepsSector);
  }
  return next;
}

/** Writes into `content`, or into a longer copy of it. */
function written(content: Buffer, offset: number, data: Buffer, keepsSector: () => boolean): Buffer {
  const end = offset + data.length;
  const kept: { readonly from: number; readonly to: number }[] = [];
  for (let from = offset; from < end; ) {
    const to = Math.min(end, (Math.floor(from / SECTOR) + 1) * SECTOR);
    if (keepsSector()) kept.push({ from, to });
    from = to;
  }
  const last = kept.at(-1)?.to ?? 0;
  const next = last > content.length ? resized(content, last) : content;
  for (const { from, to } of kept) data.copy(next, from, from - offset, to - offset);
  return next;
}

function resized(content: Buffer, size: number): Buffer {
  const next = Buffer.alloc(size);
  content.copy(next, 0, 0, Math.min(size, content.length));
  return next;
}
