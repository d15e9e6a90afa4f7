import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createKeptFile } from '../../../src/cli/kept/kept-file.ts';

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

/** Null: this system does not tell. */
const openFiles = (): number | null => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : null);

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
    expect(await createKeptFile(folder).get('one')).toBeNull();
  });

  it('finds lines that are longer than what it reads at once, and those behind them', async () => {
    const long = 'ä'.repeat(700_000);
    const entries = { before: 'a', long, between: 'b', longer: long.repeat(3), after: 'c' };
    await keep(entries);
    const kept = createKeptFile(file);
    for (const [key, value] of Object.entries(entries)) expect(await kept.get(key)).toBe(value);
    expect(await kept.get('aä')).toBeNull();
    kept.leave();
  });

  it('is open as long as it is used, and not when it was saved or left', async () => {
    await keep({ one: 'first' });
    const before = openFiles();
    const kept = createKeptFile(file);
    await kept.get('one');
    if (before !== null) expect(openFiles()).toBe(before + 1);
    kept.save();
    expect(openFiles()).toBe(before);
    expect(await kept.get('one')).toBe('first');
    kept.leave();
    expect(openFiles()).toBe(before);
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
