import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createKqlEngine } from '../../src/engine/kql-engine.ts';
import type { OutputValue } from '../../src/engine/values/output.ts';
import { tries } from '../tries.ts';
import { type Relation, relations } from './relations.ts';
import { sourcesOf, type Tables, tables } from './tables.ts';

/** Tables that each query is run over: to analyze one takes longer than to run it. */
const DATA_SETS = 2;
/** Cases of all relations together; `npm run fuzz` asks for 100,000. */
const RUNS = Number(process.env.HUNTWIRE_FUZZ_RUNS ?? tries(60, 200));
const SEED = process.env.HUNTWIRE_FUZZ_SEED;
const SCHEMA = { tables: {}, functions: [] };

/** One query for all parts: each is one row. Rows are compared as text, sorted; counts as numbers. */
function queryOf({ kind, parts }: Relation): string {
  const legs = parts.map((part, index) => {
    const end = kind === 'adds up' ? 'summarize v = todynamic(tostring(count()))' : SAME_ROWS;
    return `(${part} | ${end} | project leg = ${index}, v)`;
  });
  return `union ${legs.join(', ')}`;
}

const SAME_ROWS = 'project v = tostring(pack_all()) | sort by v asc | summarize v = make_list(v)';

async function answersOf(relation: Relation, data: Tables): Promise<OutputValue[]> {
  const engine = createKqlEngine({ schema: SCHEMA, tables: sourcesOf(data), now: 0, elapsed: () => 0 });
  const result = await engine.run(queryOf(relation), { signal: new AbortController().signal });
  return [...result.rows()].map((row) => row.v ?? null);
}

async function expectHolds(relation: Relation, data: Tables): Promise<void> {
  const [first, ...others] = await answersOf(relation, data);
  if (relation.kind === 'same rows') for (const other of others) expect(other).toEqual(first);
  else expect(others.reduce((sum: number, other) => sum + Number(other), 0)).toBe(Number(first));
}

describe('what holds whatever the rows are', () => {
  const each = Math.max(1, Math.ceil(RUNS / relations.length / DATA_SETS));
  it.each([...relations.entries()])('relation %i', async (_index, relation) => {
    const sets = fc.array(tables, { minLength: DATA_SETS, maxLength: DATA_SETS });
    await fc.assert(
      fc.asyncProperty(relation, sets, async (one, all) => {
        for (const data of all) await expectHolds(one, data);
      }),
      { numRuns: each, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
    );
  });
});
