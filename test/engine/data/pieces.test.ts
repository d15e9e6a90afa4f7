import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { coerceCells } from '../../../src/engine/data/coerce-column.ts';
import { columnNames } from '../../../src/engine/data/column-names.ts';
import { cellPlan } from '../../../src/engine/data/file-part.ts';
import { openDataFolder } from '../../../src/engine/data/folder.ts';
import { readDataFile } from '../../../src/engine/data/read-data-file.ts';
import { createTextPool } from '../../../src/engine/data/text-pool.ts';
import { tries } from '../../tries.ts';
import { dataStage } from './data-stage.ts';

const stage = dataStage();

/** All cells of the one file that lies there, read so many bytes at a time; or why it cannot be read. */
async function read(piece: number, name = ''): Promise<unknown> {
  const [file] = (await openDataFolder(join(stage.root(), name))).files;
  if (!file) throw new Error('there is no file');
  const reading = readDataFile(
    file,
    'Things',
    cellPlan('Things', columnNames('Things'), () => true),
    {
      signal: new AbortController().signal,
      piece,
    },
  );
  const columns = new Map<string, unknown[]>();
  let rows = 0;
  try {
    for await (const { rowCount, cells } of reading.batches) {
      for (const [name, values] of cells) {
        const column = columns.get(name) ?? [];
        columns.set(name, column);
        while (column.length < rows) column.push(undefined);
        column.push(...values);
      }
      rows += rowCount;
    }
  } catch (thrown) {
    return String(thrown);
  }
  const texts = [...columns].map(([name, cells]) => [
    name,
    coerceCells(cells, 'string', null).values.concat(new Array(rows - cells.length).fill('')),
  ]);
  return { rows, columns: texts.sort(), types: [...reading.types()].sort(), declared: [...reading.found.declared] };
}

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'ä', '😀', '"', '\\', '\n', ',', ' ', '{', ']', ':'), maxLength: 6 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(true, false, null),
  fc.record({ a: fc.array(fc.string({ maxLength: 3 }), { maxLength: 2 }), b: fc.constant({}) }, { requiredKeys: [] }),
);
const row = fc.dictionary(fc.constantFrom('A', 'B', 'ä', 'c d', 'x"y'), cell, { maxKeys: 4 });
const forms: readonly ((rows: readonly object[]) => string)[] = [
  (rows) => rows.map((one) => JSON.stringify(one)).join('\n'),
  (rows) => JSON.stringify(rows),
  (rows) => JSON.stringify(rows, null, 1),
  (rows) => JSON.stringify({ schema: [{ name: 'A', type: 'String' }], results: rows }),
  (rows) =>
    JSON.stringify({
      tables: [{ columns: [{ name: 'A', type: 'dynamic' }], rows: rows.map((one) => Object.values(one)) }],
    }),
];

describe('pieces', () => {
  it('JSON reads the same whatever its pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 5 }),
        fc.constantFrom(...forms),
        fc.integer({ min: 1, max: 40 }),
        async (rows, form, piece) => {
          stage.write('Things.json', form(rows));
          expect(await read(piece)).toEqual(await read(1 << 20));
        },
      ),
      { numRuns: tries(25, 70) },
    );
  });

  it('rows of JSON come out as JSON.parse has them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        async (rows, piece) => {
          stage.write('Things.json', JSON.stringify(rows));
          const { rows: count, columns } = (await read(piece)) as {
            rows: number;
            columns: readonly [string, readonly unknown[]][];
          };
          expect(count).toBe(rows.length);
          const names = [...new Set(rows.flatMap((one) => Object.keys(one)))];
          const shown = (value: unknown): unknown =>
            value === null || value === undefined
              ? ''
              : typeof value === 'object'
                ? JSON.stringify(value)
                : String(value);
          for (const name of names) {
            const [, cells = []] = columns.find(([key]) => key === name) ?? [];
            expect(cells).toEqual(rows.map((one) => shown((one as Record<string, unknown>)[name])));
          }
        },
      ),
      { numRuns: tries(25, 70) },
    );
  });

  it('any bytes give rows or a reason, the same for all pieces', async () => {
    const bytes = fc
      .array(fc.constantFrom(...'{}[]":,\\ntrue0-1e.\n"a{}"'), { maxLength: 30 })
      .map((letters) => letters.join(''));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          bytes,
          fc.uint8Array({ maxLength: 20 }).map((list) => Buffer.from(list)),
        ),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('Things.json', 'Things.csv'),
        async (data, piece, name) => {
          stage.write(name, data);
          const whole = await read(1 << 20, name);
          expect(await read(piece, name)).toEqual(whole);
        },
      ),
      { numRuns: tries(50, 150) },
    );
  });

  it('CSV reads the same whatever its pieces, packed, too', async () => {
    const line = fc.array(
      fc.string({ unit: fc.constantFrom('a', 'ä', '"', '""', ',', '\r', '\n', ';', ' '), maxLength: 5 }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 30 }),
        async (lines, quoted, piece) => {
          const text = lines
            .map((cells) => cells.map((one) => (quoted ? `"${one.replaceAll('"', '""')}"` : one)).join(','))
            .join('\n');
          stage.write('Things.csv.gz', gzipSync(`A,B,C\n${text}`));
          expect(await read(piece)).toEqual(await read(1 << 20));
        },
      ),
      { numRuns: tries(25, 70) },
    );
  });
});

it('a pool gives back the text that it was asked for, whatever it holds', () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'ä', '😀'), maxLength: 4 }), { maxLength: 300 });
  fc.assert(
    fc.property(texts, (list) => {
      const pool = createTextPool();
      const bytes = list.map((text) => Buffer.from(`..${text}.`));
      expect(bytes.map((one) => pool.text(one, 2, one.length - 1))).toEqual(list);
    }),
  );
});
