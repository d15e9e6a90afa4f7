import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/lib/clock.ts';
import { appendDurably } from '../../src/targets/file/append.ts';
import { openPipe } from '../../src/targets/file/pipe.ts';
import { syncData, syncFolder } from '../../src/targets/file/sync.ts';
import { create } from '../../src/targets/file.ts';
import type { Target } from '../../src/targets/target.ts';
import { createPacedClock } from '../lib/paced-clock.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';

const on = process.platform === 'win32' ? describe.skip : describe;
/** What a pipe holds before it is full, on Linux; the tests fill more than this. */
const PIPE_BYTES = 65_536;

let folder = '';
let path = '';
const open: number[] = [];
const targets: Target[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-pipe-'));
  path = join(folder, 'alerts');
});
afterEach(async () => {
  for (const target of targets.splice(0)) await target.close();
  for (const file of open.splice(0)) closeSync(file);
  rmSync(folder, { recursive: true });
});

interface Reader {
  readonly file: number;
  /** All that is in the pipe now. */
  read(): string;
}

function makePipe(): void {
  execFileSync('mkfifo', [path]);
}

function openReader(): Reader {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  open.push(file);
  const read = (): string => {
    const parts: Buffer[] = [];
    const buffer = Buffer.alloc(PIPE_BYTES);
    try {
      for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer))
        parts.push(Buffer.from(buffer.subarray(0, size)));
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EAGAIN') throw thrown;
    }
    return Buffer.concat(parts).toString();
  };
  return { file, read };
}

/** Waits until a line that is longer than the pipe has begun, and takes that; the rest is longer than the pipe again. */
async function untilBegun(reader: Reader): Promise<string> {
  for (;;) {
    const text = reader.read();
    if (text !== '') return text;
    await pause(2);
  }
}

/** With which the patience with a stalled reader is short. */
const HASTE = 200;

function openTarget(changes: Parameters<typeof targetDeps>[0] = {}): Target {
  const target = create({ type: 'file', path }, targetDeps(changes));
  targets.push(target);
  return target;
}

const idsOf = (text: string): string[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line).id);

on('a file target on a pipe', () => {
  it('writes each line once, although a pipe cannot be synced', async () => {
    makePipe();
    const reader = openReader();
    const target = openTarget();
    const results = await Promise.all(['a', 'b'].map((id) => target.deliver(sampleDelivery(id), noSignal())));
    expect(results).toEqual([{ kind: 'delivered' }, { kind: 'delivered' }]);
    expect(idsOf(reader.read())).toEqual(['a', 'b']);
  });

  it('does not wait for a reader: without one it is blocked, and works once there is one', async () => {
    makePipe();
    const target = openTarget();
    expect(await target.deliver(sampleDelivery('a'), noSignal())).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('nobody reads'),
    });
    const reader = openReader();
    expect(await target.deliver(sampleDelivery('a'), noSignal())).toEqual({ kind: 'delivered' });
    expect(idsOf(reader.read())).toEqual(['a']);
  });

  it('keeps the pipe open between batches, so that its reader sees no end', async () => {
    makePipe();
    const reader = openReader();
    const target = openTarget();
    await target.deliver(sampleDelivery('a'), noSignal());
    reader.read();
    // With the other end closed this would give an end of file; with it open it says EAGAIN.
    expect(() => readSync(reader.file, Buffer.alloc(1))).toThrow('EAGAIN');
  });

  it('is blocked when the reader goes away', async () => {
    makePipe();
    openReader();
    const target = openTarget();
    await target.deliver(sampleDelivery('a'), noSignal());
    for (const file of open.splice(0)) closeSync(file);
    expect(await target.deliver(sampleDelivery('b'), noSignal())).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('EPIPE'),
    });
  });

  it('waits for a slow reader, and loses and doubles nothing of what is more than a pipe holds', async () => {
    makePipe();
    const reader = openReader();
    const target = openTarget();
    const ids = Array.from({ length: 20 }, (_, index) => `a${index}`);
    const results = Promise.all(
      ids.map((id) => target.deliver(sampleDelivery(id, { description: 'x'.repeat(9000) }), noSignal())),
    );
    let text = '';
    while (idsOf(`${text}`).length < ids.length) {
      text += reader.read().replace(/x{9000}/g, '');
      await pause(2);
    }
    expect((await results).every((result) => result.kind === 'delivered')).toBe(true);
    expect(idsOf(text)).toEqual(ids);
  });

  it('gives up on a reader that takes nothing, and finishes the line it has begun when it goes on', async () => {
    makePipe();
    const reader = openReader();
    const clock = createPacedClock(HASTE);
    const target = openTarget({ clock });
    const ids = Array.from({ length: 20 }, (_, index) => `a${index}`);
    const deliverAll = (wanted: readonly string[]) =>
      Promise.all(
        wanted.map((id) => target.deliver(sampleDelivery(id, { description: 'x'.repeat(9000) }), noSignal())),
      );
    const first = await deliverAll(ids);
    const left = ids.filter((_, index) => first[index]?.kind !== 'delivered');
    expect(first.at(-1)).toMatchObject({ kind: 'blocked', reason: expect.stringContaining('taken nothing') });
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(ids.length);
    let text = reader.read();
    expect(text.endsWith('\n')).toBe(false);
    clock.pace(1);
    const second = deliverAll(left);
    while (text.split('\n').length <= ids.length) {
      text += reader.read();
      await pause(2);
    }
    expect((await second).every((result) => result.kind === 'delivered')).toBe(true);
    expect(idsOf(text)).toEqual(ids);
  });

  it('finishes a begun line also where it is not asked for again', async () => {
    makePipe();
    const reader = openReader();
    const clock = createPacedClock(HASTE);
    const pipe = await openPipe(path, clock);
    const long = `${'x'.repeat(PIPE_BYTES + 10)}\n`;
    expect(await pipe.write([long, 'b\n'], () => false)).toMatchObject({ taken: [false, false] });
    clock.pace(1);
    let text = reader.read();
    expect(await pipe.write(['b\n'], () => false)).toEqual({ taken: [true], failure: null });
    text += reader.read();
    expect(text).toBe(`${long}b\n`);
    expect(await pipe.write(['c\n'], () => false)).toEqual({ taken: [true], failure: null });
    expect(reader.read()).toBe('c\n');
    await pipe.close();
  });

  it('answers what is stopped while its reader stalls, and does not write it', async () => {
    makePipe();
    const reader = openReader();
    const target = openTarget();
    const long = sampleDelivery('a', { description: 'x'.repeat(3 * PIPE_BYTES) });
    const first = target.deliver(long, noSignal());
    let text = await untilBegun(reader);
    const stop = new AbortController();
    const stopped = target.deliver(sampleDelivery('b'), stop.signal);
    const last = target.deliver(sampleDelivery('c'), noSignal());
    stop.abort();
    while (text.split('\n').length <= 2) {
      text += reader.read();
      await pause(2);
    }
    expect(await Promise.all([first, stopped, last])).toMatchObject([
      { kind: 'delivered' },
      { kind: 'again', reason: 'the delivery was stopped' },
      { kind: 'delivered' },
    ]);
    expect(idsOf(text)).toEqual(['a', 'c']);
  });

  it('ends the waiting for a reader that stalls with the delivery that is stopped', async () => {
    makePipe();
    const reader = openReader();
    const target = openTarget();
    const stop = new AbortController();
    const long = sampleDelivery('a', { description: 'x'.repeat(3 * PIPE_BYTES) });
    const result = target.deliver(long, stop.signal);
    await untilBegun(reader);
    stop.abort();
    expect((await result).kind).toBe('blocked');
  });

  it('that takes the place of a file at the last moment fails a write and never holds it up', async () => {
    makePipe();
    const text = 'x'.repeat(PIPE_BYTES + 1);
    await expect(appendDurably(path, text, null)).rejects.toMatchObject({ code: 'EAGAIN' });
  });

  it('ends at once when it is closed while its reader stalls', async () => {
    makePipe();
    const reader = openReader();
    // On this clock no patience ever ends.
    const target = openTarget({ clock: { ...systemClock, monotonic: () => 0 } });
    const result = target.deliver(sampleDelivery('a', { description: 'x'.repeat(3 * PIPE_BYTES) }), noSignal());
    await untilBegun(reader);
    await target.close();
    expect((await result).kind).toBe('blocked');
  });

  it('lets go of a pipe that a file has taken the place of, so that its reader sees the end', async () => {
    makePipe();
    const reader = openReader();
    const target = openTarget();
    await target.deliver(sampleDelivery('a'), noSignal());
    renameSync(path, `${path}.old`);
    await target.deliver(sampleDelivery('b'), noSignal());
    expect(idsOf(reader.read())).toEqual(['a']);
    expect(readSync(reader.file, Buffer.alloc(1))).toBe(0);
  });

  it('goes on in the file that takes the place of the pipe', async () => {
    makePipe();
    openReader();
    const target = openTarget();
    await target.deliver(sampleDelivery('a'), noSignal());
    rmSync(path);
    await target.deliver(sampleDelivery('b'), noSignal());
    expect(await target.check(noSignal())).toMatchObject([{ ok: true, message: 'The file can be written to.' }]);
  });

  it('goes on in another pipe that takes its place', async () => {
    makePipe();
    openReader();
    const target = openTarget();
    await target.deliver(sampleDelivery('a'), noSignal());
    renameSync(path, `${path}.old`);
    makePipe();
    const reader = openReader();
    expect(await target.deliver(sampleDelivery('b'), noSignal())).toEqual({ kind: 'delivered' });
    expect(idsOf(reader.read())).toEqual(['b']);
  });

  it('goes on in the pipe that takes the place of the file that took the place of the pipe', async () => {
    makePipe();
    openReader();
    const target = openTarget();
    await target.deliver(sampleDelivery('a'), noSignal());
    rmSync(path);
    await target.deliver(sampleDelivery('b'), noSignal());
    rmSync(path);
    makePipe();
    const reader = openReader();
    expect(await target.deliver(sampleDelivery('c'), noSignal())).toEqual({ kind: 'delivered' });
    expect(idsOf(reader.read())).toEqual(['c']);
  });

  it('says what a pipe is when it is asked', async () => {
    makePipe();
    expect(await openTarget().check(noSignal())).toMatchObject([
      { ok: true, message: expect.stringContaining('pipe') },
    ]);
  });

  it('names a socket, which cannot be opened', async () => {
    const server = createServer().listen(path);
    await new Promise((listening) => server.once('listening', listening));
    const target = openTarget();
    expect(await target.deliver(sampleDelivery('a'), noSignal())).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('socket'),
    });
    expect(await target.check(noSignal())).toMatchObject([{ ok: false }]);
    await new Promise((closed) => server.close(closed));
  });
});

on('a file target on /dev/stdout', () => {
  it('writes each line once', async () => {
    const script = `
      const { create } = await import(${JSON.stringify(resolve('dist/targets/file.js'))});
      const { systemClock } = await import(${JSON.stringify(resolve('dist/lib/clock.js'))});
      const log = { error() {}, warn() {}, info() {}, debug() {} };
      const format = (alert) => ({ body: JSON.stringify(alert), contentType: 'application/json' });
      const target = create({ type: 'file', path: '/dev/stdout' }, { name: 'f', clock: systemClock, log, version: '0', format });
      for (const id of ['a', 'b']) {
        const result = await target.deliver({ messageId: id, alert: { id } }, new AbortController().signal);
        process.stderr.write(result.kind + ' ');
      }
      await target.close();`;
    // A shell's pipe: Node itself would hand its child a socket.
    const child = spawn('sh', ['-c', '"$0" --input-type=module -e "$1" | cat', process.execPath, script]);
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (part) => (output.stdout += part));
    child.stderr.on('data', (part) => (output.stderr += part));
    await new Promise((closed) => child.once('close', closed));
    expect(output).toEqual({ stdout: '{"id":"a"}\n{"id":"b"}\n', stderr: 'delivered delivered ' });
  });
});

describe('a sync', () => {
  const failing = (code: string) => ({
    datasync: () => Promise.reject(Object.assign(new Error('x'), { code })),
  });

  it.each(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EROFS'])('that says %s is no failure', async (code) => {
    expect(await syncData(failing(code))).toBe(false);
  });

  it.each(['EIO', 'ENOSPC', 'EDQUOT'])('that says %s is one', async (code) => {
    await expect(syncData(failing(code))).rejects.toMatchObject({ code });
  });

  const folder = (code: string) => ({ sync: () => Promise.reject(Object.assign(new Error('x'), { code })) });

  it.each(['EINVAL', 'EROFS', 'EPERM'])('of a folder that says %s is no failure', async (code) => {
    await expect(syncFolder(folder(code))).resolves.toBeUndefined();
  });

  it.each(['EIO', 'ENOSPC', 'EACCES'])('of a folder that says %s is one', async (code) => {
    await expect(syncFolder(folder(code))).rejects.toMatchObject({ code });
  });
});
