import { createKqlEngine } from '../../src/engine/kql-engine.ts';
import type { OutputValue } from '../../src/engine/values/output.ts';

/** What now() is in these tests. */
export const NOW = Date.UTC(2026, 0, 1, 12);

const engine = createKqlEngine({
  schema: { tables: {}, functions: [] },
  tables: {},
  now: NOW,
  elapsed: () => performance.now(),
});

/** The rows of a query without stored tables, as arrays in the order of its columns. */
export async function rowsOf(query: string): Promise<OutputValue[][]> {
  const result = await engine.run(query, { signal: new AbortController().signal });
  return [...result.rows()].map((row) => result.columns.map(({ name }) => row[name] ?? null));
}

/** The value of one expression. */
export async function evaluate(expression: string): Promise<OutputValue> {
  const [row] = await rowsOf(`print value = ${expression}`);
  return row?.[0] ?? null;
}
