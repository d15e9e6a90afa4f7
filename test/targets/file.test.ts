import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '../../src/lib/log.ts';
import { fileResult } from '../../src/targets/file/file-result.ts';
import { configSchema, create } from '../../src/targets/file.ts';
import { describeTarget } from '../contract/target.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';

const root = mkdtempSync(join(tmpdir(), 'huntwire-file-'));
let count = 0;
let path = '';
function freshPath(): string {
  count += 1;
  mkdirSync(join(root, String(count)));
  return join(root, String(count), 'alerts.jsonl');
}
beforeEach(() => {
  path = freshPath();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function idsIn(file: string): string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line).id);
}
async function deliver(id: string, format = targetDeps().format): Promise<unknown> {
  const target = create({ type: 'file', path }, targetDeps({ format }));
  const result = await target.deliver(sampleDelivery(id), noSignal());
  await target.close();
  return result;
}

describeTarget({
  type: 'file',
  configSchema,
  config: { type: 'file', path: 'alerts.jsonl', format: 'native' },
  make: async () => {
    const own = freshPath();
    const target = create({ type: 'file', path: own }, targetDeps());
    return {
      target,
      passTime: async () => undefined,
      received: async () => idsIn(own),
      stop: () => target.close(),
    };
  },
});

describe('the file target', () => {
  it('appends lines in the order of the deliveries, readable by owner and group only', async () => {
    writeFileSync(path, '{"id":"before"}\n');
    const target = create({ type: 'file', path }, targetDeps());
    await Promise.all(['a', 'b', 'c'].map((id) => target.deliver(sampleDelivery(id), noSignal())));
    expect(idsIn(path)).toEqual(['before', 'a', 'b', 'c']);
    rmSync(path);
    await deliver('d');
    expect(statSync(path).mode & 0o777).toBe(0o640 & ~process.umask());
  });

  it('writes one line whatever the format makes', async () => {
    await deliver('a', () => ({ body: '{\n  "id": "a"\n}', contentType: 'application/json' }));
    expect(idsIn(path)).toEqual(['a']);
  });

  it('ends a line that a crash left torn', async () => {
    writeFileSync(path, '{"id":"to');
    await deliver('a');
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3);
    expect(readFileSync(path, 'utf8')).toMatch(/^\{"id":"to\n\{/);
  });

  it('goes on in a new file when the old one was renamed', async () => {
    const target = create({ type: 'file', path }, targetDeps());
    await target.deliver(sampleDelivery('a'), noSignal());
    renameSync(path, `${path}.1`);
    await target.deliver(sampleDelivery('b'), noSignal());
    expect([idsIn(`${path}.1`), idsIn(path)]).toEqual([['a'], ['b']]);
  });

  it('makes no file for a delivery that is stopped before its line is written', async () => {
    const target = create({ type: 'file', path }, targetDeps());
    const stop = new AbortController();
    const result = target.deliver(sampleDelivery('a'), stop.signal);
    stop.abort();
    expect(await result).toMatchObject({ kind: 'again', reason: 'the delivery was stopped' });
    await target.close();
    expect(existsSync(path)).toBe(false);
  });

  it('finishes what is under way when it closes', async () => {
    const target = create({ type: 'file', path }, targetDeps());
    const result = target.deliver(sampleDelivery('a'), noSignal());
    await target.close();
    expect(await result).toEqual({ kind: 'delivered' });
  });

  it('blocks without its folder, and works once it is there', async () => {
    const folder = join(root, 'later');
    path = join(folder, 'alerts.jsonl');
    const target = create({ type: 'file', path }, targetDeps());
    expect(await target.deliver(sampleDelivery('a'), noSignal())).toEqual({
      kind: 'blocked',
      reason: `the folder ${folder} does not exist (ENOENT)`,
      status: null,
      retryAfterMs: null,
    });
    mkdirSync(folder);
    expect(await target.deliver(sampleDelivery('a'), noSignal())).toEqual({ kind: 'delivered' });
  });

  it('blocks where the path is a folder, or its parent is none', async () => {
    mkdirSync(path);
    expect(await deliver('a')).toMatchObject({ kind: 'blocked', reason: `${path} is a folder (EISDIR)` });
    writeFileSync(`${path}.file`, '');
    path = `${path}.file/alerts.jsonl`;
    expect(await deliver('a')).toMatchObject({ kind: 'blocked', reason: expect.stringContaining('is not a folder') });
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? it.skip : it)('blocks without permission (skipped for root, who has every permission)', async () => {
    writeFileSync(path, '');
    chmodSync(path, 0o400);
    expect(await deliver('a')).toMatchObject({ kind: 'blocked', reason: expect.stringContaining('no permission') });
  });

  (existsSync('/dev/full') ? it : it.skip)('blocks on a full disk (needs /dev/full)', async () => {
    path = '/dev/full';
    expect(await deliver('a')).toMatchObject({ kind: 'blocked', reason: 'the disk of /dev/full is full (ENOSPC)' });
  });
});

/** A regular file that is nowhere on a disk: a sync says EINVAL. */
const UNSYNCABLE = '/proc/self/comm';
describe('a file system that cannot sync', () => {
  (existsSync(UNSYNCABLE) ? it : it.skip)(`is told of once, and lines are written (needs ${UNSYNCABLE})`, async () => {
    const told: unknown[][] = [];
    const log = { ...silentLog, warn: (...said: unknown[]) => void told.push(said) };
    const target = create({ type: 'file', path: UNSYNCABLE }, targetDeps({ log }));
    for (const id of ['a', 'b'])
      expect(await target.deliver(sampleDelivery(id), noSignal())).toEqual({ kind: 'delivered' });
    expect(told).toEqual([
      [expect.stringContaining('cannot bring lines to the disk'), { target: 'soar', path: UNSYNCABLE }],
    ]);
    const other = create({ type: 'file', path }, targetDeps({ log }));
    expect(await other.deliver(sampleDelivery('a'), noSignal())).toEqual({ kind: 'delivered' });
    expect(told).toHaveLength(1);
  });
});

describe('an append that fails in the middle', () => {
  it('leaves whole lines only, and the next goes on behind them', async () => {
    // The shell bounds how large a file may become, in blocks of 512 bytes; what is beyond is EFBIG after a part was written.
    const script = `
      process.on('SIGXFSZ', () => undefined);
      const { appendDurably } = await import(${JSON.stringify(resolve('dist/targets/file/append.js'))});
      await appendDurably(${JSON.stringify(path)}, 'first\\n', null);
      const failed = await appendDurably(${JSON.stringify(path)}, 'x'.repeat(5000) + '\\n', null).catch(({ code }) => code);
      await appendDurably(${JSON.stringify(path)}, 'last\\n', null);
      process.stdout.write(String(failed));`;
    const told = execFileSync('sh', ['-c', 'ulimit -f 4; "$0" --input-type=module -e "$1"', process.execPath, script]);
    expect([told.toString(), readFileSync(path, 'utf8')]).toEqual(['EFBIG', 'first\nlast\n']);
  });
});

describe('a failed write', () => {
  const failure = (code: string) => fileResult(Object.assign(new Error('x'), { code }), '/data/alerts.jsonl');

  it.each([
    'ENOENT',
    'ENOTDIR',
    'EISDIR',
    'EACCES',
    'EPERM',
    'EROFS',
    'ENOSPC',
    'EDQUOT',
    'EFBIG',
    'ENXIO',
    'EPIPE',
    'EAGAIN',
  ])('with %s needs a person', (code) => {
    expect(failure(code)).toMatchObject({ kind: 'blocked', reason: expect.stringMatching(/\/data.*\(E/) });
  });

  it('that says nothing of itself is tried again', () => {
    expect(fileResult('x', '/data/alerts.jsonl')).toMatchObject({
      kind: 'again',
      reason: '/data/alerts.jsonl could not be written (x)',
    });
  });

  it.each(['EIO', 'EMFILE', 'EBUSY'])('with %s is tried again', (code) => {
    expect(failure(code)).toMatchObject({ kind: 'again', reason: `/data/alerts.jsonl could not be written (${code})` });
  });
});
