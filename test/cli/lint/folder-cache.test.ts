import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFolderCache } from '../../../src/cli/lint/folder-cache.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'folder-cache-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('createFolderCache', () => {
  it('keeps answers between processes, one file each, whatever the key', async () => {
    const cache = createFolderCache(join(folder, 'a', 'b'));
    expect(await cache.get('../../key')).toBeNull();
    await cache.set('../../key', 'one');
    await cache.set('../../key', 'two');
    expect(await createFolderCache(join(folder, 'a', 'b')).get('../../key')).toBe('two');
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/)]);
  });

  it('does without a folder that goes away', async () => {
    const cache = createFolderCache(join(folder, 'gone'));
    rmSync(join(folder, 'gone'), { recursive: true });
    writeFileSync(join(folder, 'gone'), '');
    await cache.set('key', 'value');
    expect(await cache.get('key')).toBeNull();
  });
});
