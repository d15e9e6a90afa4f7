import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { openConnection } from '../../src/state/sqlite/connection.ts';
import { inspectState } from '../../src/state/sqlite/inspect.ts';
import { MIGRATIONS } from '../../src/state/sqlite/migrations.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import { commitAlerts, START } from './samples.ts';

const NEWEST = MIGRATIONS.length;
let folder: string;
let path: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'huntwire-inspect-'));
  path = join(folder, 'state.db');
  const store = openSqliteStore({ path, clock: createManualClock(START) });
  const ids = Array.from({ length: 300 }, (_, index) => `a${index}`);
  await commitAlerts(store, ids, ['soar']);
  await store.close();
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Spoils the pages behind the first few, which tell the layout. */
function spoil(): void {
  const bytes = readFileSync(path);
  bytes.fill(0x5a, bytes.length - 8 * 8192);
  writeFileSync(path, bytes);
}

describe('a state file that is looked into', () => {
  it('tells its layout and the one that is written, and is not changed', () => {
    const before = readFileSync(path);
    for (const thorough of [true, false])
      expect(inspectState(path, thorough)).toEqual({ layout: NEWEST, newest: NEWEST, damage: null });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('is found damaged where each page is read, and only there', () => {
    spoil();
    expect(inspectState(path, true).damage).not.toBeNull();
    expect(inspectState(path, false).damage).toBeNull();
  });

  it('of a newer program is told, and not written to', () => {
    const connection = openConnection(path);
    connection.script(`PRAGMA user_version = ${NEWEST + 1}`);
    connection.close();
    const other = openConnection(path);
    other.script('BEGIN IMMEDIATE');
    expect(inspectState(path, false)).toEqual({ layout: NEWEST + 1, newest: NEWEST, damage: null });
    other.close();
  });

  it('that is no database is refused by name', () => {
    writeFileSync(path, 'no database at all '.repeat(100));
    expect(() => inspectState(path, true)).toThrow(
      expect.objectContaining({ code: 'STATE_FAILED', message: expect.stringContaining(path) }),
    );
    expect(existsSync(path)).toBe(true);
  });
});
