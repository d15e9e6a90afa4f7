import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { openDataFolder } from '../../src/engine/data/folder.ts';
import { createKqlEngine } from '../../src/engine/kql-engine.ts';
import { defenderSchema } from '../../src/kql/defender.ts';
import { fuzzRuns, mangledBytes, refusedOr } from './fuzz.ts';

const CSV = Buffer.from(
  'Timestamp,DeviceName,N,Note\r\n2026-01-01T00:00:00Z,pc1,1,"a ""b"", c"\r\n2026-01-02 00:00,pc2,,x\r\n',
);
const LINES = Buffer.from(
  '{"Timestamp":"2026-01-01T00:00:00Z","DeviceName":"pc1","N":9007199254740993,"Bag":{"a":[1,{}]}}\n{"DeviceName":null}\n',
);
const PARQUET = Buffer.from(
  parquetWriteBuffer({
    columnData: [
      { name: 'DeviceName', data: ['pc1', 'pc2', 'pc1'], type: 'STRING' },
      { name: 'N', data: [1n, 2n, 3n], type: 'INT64' },
    ],
  }),
);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-fuzz-'));
  folders.push(folder);
  return folder;
}

/** How many rows a file of these bytes has; null where it is refused. */
function countOf(folder: string, name: string, bytes: Uint8Array): Promise<number | null> {
  writeFileSync(join(folder, name), bytes);
  return refusedOr(/^(KQL_|USAGE|SOURCE_|CONFIG_)/, async () => {
    const { tables } = await openDataFolder(folder);
    const engine = createKqlEngine({ schema: defenderSchema(), tables, now: 0, elapsed: () => 0 });
    return [...(await engine.run('T | project DeviceName', { signal: new AbortController().signal })).rows()].length;
  });
}

describe('any file of events', () => {
  it.each([
    ['T.csv', CSV],
    ['T.jsonl', LINES],
    ['T.json', LINES],
    ['T.parquet', PARQUET],
    ['T.csv.gz', CSV],
  ])('%s is read or refused', async (name, bytes) => {
    const folder = newFolder();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(mangledBytes(bytes), fc.uint8Array({ maxLength: 200 }).map(Buffer.from)),
        async (changed) => {
          const rows = await countOf(folder, name, changed);
          expect(rows === null || (rows >= 0 && rows <= changed.length + 1)).toBe(true);
        },
      ),
      fuzzRuns(40),
    );
  });
});

describe('symbolic links', () => {
  it('that lead in circles or nowhere end, whatever they are named', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.constantFrom('a', 'b', 'T.csv', 'c'),
            fc.constantFrom('.', '..', 'a', 'b', './c', 'gone', 'T.csv'),
          ),
          { maxLength: 5 },
        ),
        async (links) => {
          const folder = newFolder();
          writeFileSync(join(folder, 'U.csv'), CSV);
          for (const [name, target] of links) {
            try {
              symlinkSync(target, join(folder, name));
            } catch (error) {
              expect(error).toMatchObject({ code: 'EEXIST' });
            }
          }
          const opened = await refusedOr(/^(KQL_|USAGE|SOURCE_|CONFIG_)/, () => openDataFolder(folder));
          // A link to `..` reaches the folder for temporary files, in which others put what they like.
          if (opened !== null && !links.some(([, target]) => target === '..'))
            expect(Object.keys(opened.tables)).toContain('U');
        },
      ),
      fuzzRuns(15),
    );
  });
});
