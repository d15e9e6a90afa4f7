import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { type DataOptions, openDataFolder } from '../../../src/engine/data/folder.ts';
import { createKqlEngine } from '../../../src/engine/kql-engine.ts';
import { defenderSchema } from '../../../src/kql/defender.ts';

export interface Asked {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly columns: readonly string[];
  readonly notes: readonly string[];
}

export interface DataStage {
  root(): string;
  write(name: string, data: string | Buffer): void;
  /** The query over a folder: ours where none is given. */
  ask(query: string, options?: DataOptions & { readonly path?: string | readonly string[] }): Promise<Asked>;
}

/** An empty folder for every test, and queries over it. */
export function dataStage(): DataStage {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'huntwire-data-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  return {
    root: () => root,
    write(name, data) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), data);
    },
    async ask(query, { path = root, ...options } = {}) {
      const folder = await openDataFolder(path, options);
      const engine = createKqlEngine({ schema: defenderSchema(), tables: folder.tables, now: 0, elapsed: () => 0 });
      const result = await engine.run(query, { signal: new AbortController().signal });
      const columns = result.columns.map(({ name, type }) => `${name}:${type}`);
      return { rows: [...result.rows()], columns, notes: folder.notes() };
    },
  };
}
