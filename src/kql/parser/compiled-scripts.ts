import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { readOwnFile } from '../../lib/files/own-file.ts';

/**
 * Runs scripts one after another in the global scope, from what V8 made of them in an earlier process, kept in `folder`: that saves to
 * compile them, and later each function that is called. What is kept is used only for the same text, V8, flags and processor. Where
 * something is not kept yet, this process leaves it at its end; where it cannot, nothing is lost but time. Null: keep nothing.
 * Whoever can write into `folder` decides what runs here, so it must be one that is as well guarded as the program itself.
 */
export function runScripts(files: readonly string[], folder: string | null): void {
  const scripts = files.map((file) => readScript(file, folder));
  for (const { script } of scripts) script.runInThisContext();
  const fresh = scripts.filter((one) => !one.known);
  if (folder === null || fresh.length === 0 || !isMainThread) return;
  process.once('exit', () => keepAll(fresh, folder));
}

interface ReadScript {
  readonly script: Script;
  readonly place: string;
  readonly crc: number;
  readonly known: boolean;
}

function readScript(file: string, folder: string | null): ReadScript {
  const text = readFileSync(file);
  const crc = crc32(text);
  const place = folder === null ? '' : join(folder, `${basename(file)}-${cachedDataVersionTag().toString(16)}`);
  const cachedData = folder === null ? null : readKept(place, crc);
  const script = new Script(text.toString(), { filename: file, ...(cachedData ? { cachedData } : {}) });
  return { script, place, crc, known: cachedData !== null && script.cachedDataRejected === false };
}

/** Two numbers lead: the checksum of the text that was compiled, and that of what follows. V8 itself compares no more than lengths. */
const HEAD_BYTES = 8;

function readKept(place: string, crc: number): Buffer | null {
  try {
    const kept = readOwnFile(place);
    const data = kept?.subarray(HEAD_BYTES);
    return kept && data && kept.readUInt32LE(0) === crc && kept.readUInt32LE(4) === crc32(data) ? data : null;
  } catch {
    return null;
  }
}

/** Each V8 with each of its flags has files of its own: when there are so many, all go and those in use come back. */
const MOST_KEPT = 12;

function keepAll(scripts: readonly ReadScript[], folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const there = readdirSync(folder);
    if (there.length >= MOST_KEPT) for (const name of there) rmSync(join(folder, name), { force: true });
    for (const one of scripts) keep(one);
  } catch {
    // A folder that may not be written to, or a full disk: the next process compiles as this one did.
  }
}

/** Under another name first: another process may read meanwhile, or this one may be killed. */
function keep({ script, place, crc }: ReadScript): void {
  const data = script.createCachedData();
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(crc, 0);
  head.writeUInt32LE(crc32(data), 4);
  const unfinished = `${place}.${process.pid}`;
  try {
    writeFileSync(unfinished, Buffer.concat([head, data]), { mode: 0o644, flag: 'wx' });
    renameSync(unfinished, place);
  } finally {
    rmSync(unfinished, { force: true });
  }
}
