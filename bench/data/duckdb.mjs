/** DuckDB as a yardstick, where a folder has it (`npm install @duckdb/node-api` there); it is no dependency of ours. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROWS_AT_ONCE = 2048;

/** A connection with one thread, in memory, and the module it comes from. */
export async function openDuckDb(folder) {
  const entry = createRequire(`${resolve(folder)}/`).resolve('@duckdb/node-api');
  const duckdb = await import(pathToFileURL(entry).href);
  const instance = await duckdb.DuckDBInstance.create(':memory:', { threads: '1' });
  return { duckdb, connection: await instance.connect() };
}

/** Puts a made table of bench/data/process-events.mjs into DuckDB; datetimes are counts of ticks on both sides. */
export async function loadTable({ duckdb, connection }, name, { columns, arrays, rowCount }) {
  const isText = (type) => type === 'string';
  const shape = columns.map((column) => `${column.name} ${isText(column.type) ? 'VARCHAR' : 'BIGINT'}`);
  await connection.run(`create table ${name} (${shape.join(', ')})`);
  const appender = await connection.createAppender(name);
  const types = columns.map(({ type }) => (isText(type) ? duckdb.VARCHAR : duckdb.BIGINT));
  for (let start = 0; start < rowCount; start += ROWS_AT_ONCE) {
    const end = Math.min(rowCount, start + ROWS_AT_ONCE);
    const chunk = duckdb.DuckDBDataChunk.create(types, end - start);
    columns.forEach(({ name: column, type }, index) => {
      const cells = arrays[column].slice(start, end);
      chunk.setColumnValues(index, isText(type) ? cells : cells.map(BigInt));
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
