/**
 * Writes what this program leaves in a state of its layout into test/fixtures/states, for the programs to come, whose tests open it. Run
 * `node scripts/leave-state.mjs` when a layout was added.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

register('./typescript-hooks.mjs', import.meta.url);
const root = resolve(import.meta.dirname, '..');
const { createManualClock } = await import('../src/lib/clock.ts');
const { exportState } = await import('../src/state/file/export-state.ts');
const { MIGRATIONS } = await import('../src/state/sqlite/migrations.ts');
const { openSqliteStore } = await import('../src/state/sqlite-store.ts');
const { takeRunnerLock } = await import('../src/state/runner-lock.ts');
const { commitAlerts, START } = await import('../test/state/samples.ts');

const folder = mkdtempSync(join(tmpdir(), 'huntwire-layout-'));
const path = join(folder, 'state.db');
const number = String(MIGRATIONS.at(-1).number).padStart(2, '0');
const file = join(root, 'test/fixtures/states', `layout-${number}.jsonl`);
const store = openSqliteStore({ path, clock: createManualClock(START), lock: takeRunnerLock(path) });
await commitAlerts(store, ['a1', 'a2'], ['soar']);
const asked = { who: 'anna', at: START, action: 'reload', subject: 'configuration' };
await store.noteAudit({ ...asked, before: null, after: { outcome: 'applied' } });
await store.close();
rmSync(file, { force: true });
process.stdout.write(`${exportState(path, file)} rows in ${file}\n`);
rmSync(folder, { recursive: true });
