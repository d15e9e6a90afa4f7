import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import { describePages } from '../contract/pages.ts';
import { describeStore, type StoreMaker } from '../contract/store.ts';

function make(): StoreMaker {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-store-'));
  return {
    open: async (clock) => openSqliteStore({ path: join(folder, 'data', 'state.db'), clock }),
    clean: async () => rmSync(folder, { recursive: true }),
  };
}

describeStore('SQLite', make);
describePages('SQLite', make);
