import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mayMatter, watchPaths } from '../../../src/cli/lint/watch.ts';
import { createFakeWorld } from '../fake-world.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lint-watch-'));
  writeFileSync(join(folder, 'a.yaml'), '1');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('watchPaths', () => {
  it.each(['', 'a.yaml'])('passes again after each change, until it is stopped ("%s")', async (name) => {
    const world = createFakeWorld(folder);
    let passes = 0;
    await watchPaths(world, [join(folder, name)], async () => {
      passes += 1;
      if (passes === 3) world.stop();
      else writeFileSync(join(folder, 'a.yaml'), `pass ${passes}`);
    });
    expect(passes).toBe(3);
  });

  it.each([
    ['rules/a.yaml', true],
    ['a.test.YML', true],
    ['vip.csv', true],
    ['sub', true],
    [null, true],
    ['findings.txt', false],
    ['lint.log', false],
    ['a.yaml~.swp', false],
  ])('passes again for %s: %p', (name, again) => {
    // What lint prints may be written into the folder that it watches.
    expect(mayMatter(name)).toBe(again);
  });

  it('says what is not there', async () => {
    const never = watchPaths(createFakeWorld(folder), [join(folder, 'none')], async () => undefined);
    await expect(never).rejects.toThrow('--watch: there is no');
  });
});
