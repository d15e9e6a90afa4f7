import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeDurableFolder } from '../../src/state/durable-folder.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'huntwire-folder-')));
});
afterEach(() => rmSync(root, { recursive: true }));

/** The folders whose names are brought to the disk. */
function syncedFor(path: string): string[] {
  const synced: string[] = [];
  makeDurableFolder(path, (folder) => synced.push(folder));
  return synced;
}

describe('a folder that is made', () => {
  it('is named durably, and so is every folder above it that was made with it', () => {
    expect(syncedFor(join(root, 'a', 'b', 'c'))).toEqual([join(root, 'a', 'b'), join(root, 'a'), root]);
    expect(existsSync(join(root, 'a', 'b', 'c'))).toBe(true);
  });

  it('is named durably where it is there already, as who made it may have died before', () => {
    expect(syncedFor(root)).toEqual([dirname(root)]);
  });

  it('may be the top of all folders', () => {
    expect(syncedFor('/')).toEqual(['/']);
  });

  it('is synced by the system where nothing else is said', () => {
    expect(() => makeDurableFolder(join(root, 'x'))).not.toThrow();
    expect(existsSync(join(root, 'x'))).toBe(true);
  });
});
