import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { createAnalyst as Create } from '../../src/kql/analyst.ts';
import type { startEarly as Early } from '../../src/kql/hands/early.ts';
import type { startProcess as Start } from '../../src/kql/hands/in-process.ts';
import type { Analyst, PrepareOptions } from '../../src/kql/prepared.ts';
import { isOwnFile } from '../../src/lib/files/own-file.ts';
import { prepare } from './queries.ts';

const OPTIONS: PrepareOptions = {
  basis: 'event',
  tables: {},
  shape: null,
  keepFilters: 'never',
  lookbackMs: null,
  params: { p: 1n },
};
const QUESTION = { text: 'DeviceEvents | take p', options: OPTIONS };

/** Images belong to the built program: the build has made one. */
const DIST = resolve(import.meta.dirname, '../..', process.env.HUNTWIRE_DIST ?? 'dist');
const load = (file: string): Promise<object> => import(join(DIST, file)) as Promise<object>;
const { createAnalyst } = (await load('kql/analyst.js')) as { createAnalyst: typeof Create };
const { startProcess } = (await load('kql/hands/in-process.js')) as { startProcess: typeof Start };
const { startEarly } = (await load('kql/hands/early.js')) as { startEarly: typeof Early };

/** As the program finds it: V8 takes that of a process with other flags, such as this one, for another's, and to make one takes five seconds. */
const FIND = `const { findImage } = await import(${JSON.stringify(pathToFileURL(join(DIST, 'kql/parser/parser-image.js')))});
process.stdout.write(findImage() ?? 'none');`;
const IMAGE = execFileSync(process.execPath, ['--input-type=module', '-e', FIND], { encoding: 'utf8' });

const folder = mkdtempSync(join(tmpdir(), 'huntwire-image-'));
const broken = join(folder, 'broken');
writeFileSync(broken, 'no image', { mode: 0o644 });
const never = new AbortController().signal;

const open: Analyst[] = [];
function create(image = IMAGE): Analyst {
  const analyst = createAnalyst({ form: 'worker', settings: { image: async () => image } });
  open.push(analyst);
  return analyst;
}

afterEach(async () => {
  for (const analyst of open.splice(0)) await analyst.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a worker from a parser image', () => {
  it('gives the same answers as this process', async () => {
    const queries = [
      'let later = 1h; DeviceEvents | where Timestamp > ago(later) | summarize N = count() by DeviceId, bin(Timestamp, 1h)',
      'DeviceProcessEvents | join kind=inner (DeviceNetworkEvents | where RemoteUrl has "x") on DeviceId | where p > 2',
      'DeviceEvents | where (',
      'DeviceEvents | extend A = Nothing',
      'union Url*',
      `DeviceEvents | where ${'('.repeat(1500)}1${')'.repeat(1500)} == 1`,
    ];
    const worker = create();
    for (const query of queries) expect(await worker.prepare(query, OPTIONS)).toEqual(await prepare(query, OPTIONS));
  });

  it('works for a process of its own, which ends with it', async () => {
    const hand = startProcess(IMAGE);
    expect(await hand.ask(QUESTION, never)).toMatchObject({ kind: 'prepared', prepared: { shape: 'stream' } });
    if (process.platform === 'linux') expect(hand.worked()).toBeGreaterThan(0);
    await hand.end();
    expect(await hand.ask(QUESTION, never)).toMatchObject({ kind: 'given-up' });
  });

  it('does not stand in the way where the image is none: a thread answers', async () => {
    const hand = startProcess(broken);
    expect(await hand.ask(QUESTION, never)).toEqual({ kind: 'unstarted' });
    await hand.end();
    expect((await create(broken).prepare(QUESTION.text, OPTIONS)).shape).toBe('stream');
  });

  it('is not started from an image that others may write to', () => {
    expect(isOwnFile(broken)).toBe(true);
    chmodSync(broken, 0o666);
    expect(isOwnFile(broken)).toBe(process.platform === 'win32');
    chmodSync(broken, 0o644);
    expect(isOwnFile(folder)).toBe(false);
    expect(isOwnFile(join(folder, 'absent'))).toBe(false);
  });
});

describe('a hand that is started early', () => {
  it('answers the first question, is given once, and ends whether it was taken or not', async () => {
    const early = startEarly(true, () => IMAGE);
    const hand = early.take();
    expect(early.take()).toBeNull();
    const analyst = createAnalyst({ form: 'worker', early: hand });
    open.push(analyst);
    expect((await analyst.prepare(QUESTION.text, OPTIONS)).shape).toBe('stream');
    await early.end();
    await startEarly(true, () => IMAGE).end();
    expect(startEarly(false, () => IMAGE).take()).toBeNull();
  });
});
