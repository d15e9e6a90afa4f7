import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { DAY_MS } from '../../src/lib/duration.ts';
import { openConnection } from '../../src/state/sqlite/connection.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import { commitAlerts, START } from './samples.ts';

it('a state that was large gives its room back when what filled it is past keeping', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-flat-'));
  const path = join(folder, 's.db');
  const store = openSqliteStore({ path, clock: createManualClock(START) });
  const ids = Array.from({ length: 1500 }, (_, at) => `a${at}`);
  await commitAlerts(store, ids, ['soar']);
  const entries = await store.pending('soar', { now: START, limit: 2000, except: new Set(), ignoreBackoff: true });
  await store.delivered(
    entries.map(({ id }) => id),
    START,
  );
  const checkpoint = () => {
    const beside = openConnection(path);
    beside.script('PRAGMA wal_checkpoint(TRUNCATE)');
    beside.close();
    return statSync(path).size;
  };
  const large = checkpoint();
  await store.tidy(START + 40 * DAY_MS);
  const small = checkpoint();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  expect(small).toBeLessThan(large / 2);
});
