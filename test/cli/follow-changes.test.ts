import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { followChanges } from '../../src/cli/run/follow-changes.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { marksOf } from '../../src/lib/files/file-marks.ts';

describe('watched files', () => {
  /** Files whose marks the test says, and how often a change was told. */
  function watch() {
    const clock = createManualClock(0);
    const stop = new AbortController();
    const seen = { marks: 'a', watching: true, told: 0, looks: 0 };
    const done = followChanges({
      marks: async () => {
        seen.looks += 1;
        return seen.marks;
      },
      isWatching: () => seen.watching,
      changed: async () => {
        seen.told += 1;
      },
      clock,
      signal: stop.signal,
    });
    const end = async (): Promise<void> => {
      stop.abort();
      await clock.advance(0);
      await done;
    };
    return { clock, seen, end };
  }

  it('are told once they have been left alone, once', async () => {
    const { clock, seen, end } = watch();
    await clock.advance(5000);
    seen.marks = 'b';
    await clock.advance(1100);
    seen.marks = 'c';
    await clock.advance(400);
    expect(seen.told).toBe(0);
    await clock.advance(10_000);
    expect(seen.told).toBe(1);
    await end();
  });

  it('are not looked at while nobody wants to know, and what changed meanwhile is told as one change', async () => {
    const { clock, seen, end } = watch();
    seen.watching = false;
    await clock.advance(10_000);
    const { looks, told } = seen;
    await clock.advance(60_000);
    expect([seen.looks, told]).toEqual([looks, 0]);
    seen.marks = 'b';
    seen.watching = true;
    await clock.advance(5000);
    expect(seen.told).toBe(1);
    await end();
  });
});

describe('marks of files', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'huntwire-marks-'));
    mkdirSync(join(folder, 'rules/sub'), { recursive: true });
    writeFileSync(join(folder, 'rules/sub/one.yaml'), 'one');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each<[string, () => void]>([
    ['is written', () => writeFileSync(join(folder, 'rules/sub/one.yaml'), 'other')],
    ['is touched', () => utimesSync(join(folder, 'rules/sub/one.yaml'), 1, 1)],
    ['is added', () => writeFileSync(join(folder, 'rules/two.yaml'), 'two')],
    ['goes', () => rmSync(join(folder, 'rules/sub/one.yaml'))],
    ['is named alone and comes', () => writeFileSync(join(folder, 'huntwire.yaml'), 'x')],
  ])('are others when a file %s', async (_, change) => {
    const paths = [join(folder, 'huntwire.yaml'), join(folder, 'rules')];
    const before = await marksOf(paths);
    expect(await marksOf(paths)).toBe(before);
    change();
    expect(await marksOf(paths)).not.toBe(before);
  });

  it('are others when a link leads elsewhere, as in a volume of Kubernetes', async () => {
    for (const name of ['..1', '..2']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, '..1/a.yaml'), 'a');
    writeFileSync(join(folder, '..2/a.yaml'), 'b');
    symlinkSync('..1', join(folder, '..data'));
    symlinkSync('..data/a.yaml', join(folder, 'a.yaml'));
    const before = await marksOf([join(folder, 'a.yaml')]);
    symlinkSync('..2', join(folder, '..new'));
    renameSync(join(folder, '..new'), join(folder, '..data'));
    expect(await marksOf([join(folder, 'a.yaml')])).not.toBe(before);
  });

  it('leave out what tools keep', async () => {
    const before = await marksOf([folder]);
    mkdirSync(join(folder, '.git'));
    writeFileSync(join(folder, '.git/index'), 'x');
    expect(await marksOf([folder])).toBe(before);
  });
});
