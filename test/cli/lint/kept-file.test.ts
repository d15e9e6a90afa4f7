import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createKeptFile } from '../../../src/cli/lint/kept-file.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-file-'));
  file = join(folder, 'a', 'kept');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function keep(entries: Readonly<Record<string, string>>, largeBytes?: number): Promise<void> {
  const kept = createKeptFile(file, largeBytes);
  for (const [key, value] of Object.entries(entries)) await kept.set(key, value);
  kept.save();
}

const get = (key: string): Promise<string | null> => createKeptFile(file).get(key);

describe('a kept file', () => {
  it('gives what an earlier process kept, the newest of a key, for its owner alone to read', async () => {
    await keep({ one: '{"a":1}', two: 'ä € 😀' });
    await keep({ one: '{"a":2}' });
    expect([await get('one'), await get('two'), await get('three')]).toEqual(['{"a":2}', 'ä € 😀', null]);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('gives at once what was just kept, and writes nothing before it is told to', async () => {
    const kept = createKeptFile(file);
    await kept.set('one', 'first');
    expect(await kept.get('one')).toBe('first');
    expect(await get('one')).toBeNull();
    kept.save();
    kept.save();
    expect(readFileSync(file, 'utf8').match(/one/g)).toHaveLength(1);
  });

  it('does not believe a line that was cut or changed, and keeps the others', async () => {
    await keep({ one: 'first', two: 'second' });
    writeFileSync(file, readFileSync(file, 'utf8').replace('first', 'worst'));
    appendFileSync(file, '12345678 three thi');
    expect([await get('one'), await get('two'), await get('three')]).toEqual([null, 'second', null]);
    await keep({ four: 'lost with the cut line' });
    await keep({ five: 'fifth' });
    expect([await get('two'), await get('five')]).toEqual(['second', 'fifth']);
  });

  it('is not there where somebody else may write to it, or nobody can', async () => {
    await keep({ one: 'first' });
    if (process.platform !== 'win32') {
      chmodSync(file, 0o666);
      expect(await get('one')).toBeNull();
      await keep({ two: 'second' });
      expect(readFileSync(file, 'utf8')).not.toContain('second');
    }
    writeFileSync(join(folder, 'no-folder'), '');
    const nowhere = createKeptFile(join(folder, 'no-folder', 'kept'));
    await nowhere.set('one', 'first');
    nowhere.save();
    expect(await nowhere.get('two')).toBeNull();
  });

  it('drops what was of no use to the process that finds it large', async () => {
    await keep({ used: 'yes', other: 'no'.repeat(500) });
    const kept = createKeptFile(file, 100);
    expect(await kept.get('used')).toBe('yes');
    await kept.set('new', 'too');
    kept.save();
    expect([await get('used'), await get('new'), await get('other')]).toEqual(['yes', 'too', null]);
  });
});
