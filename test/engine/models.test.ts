import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TableSource } from '../../src/engine/table-data.ts';
import { rowsOf, tableOf } from './ask.ts';

type Row = readonly [number | null, string];

const row: fc.Arbitrary<Row> = fc.tuple(
  fc.option(fc.integer({ min: -5, max: 5 }), { nil: null }),
  fc.constantFrom('', 'a', 'A', 'b', 'ab'),
);
const rows = fc.array(row, { maxLength: 30 });
const RUNS = { numRuns: 40 };

const table = (name: string, content: readonly Row[]): Record<string, TableSource> => ({
  [name]: tableOf('n: long, s: string', content),
});

/** Numbered rows show in what order they come out. */
const NUMBERED = 'T | serialize | extend i = row_number(0)';

describe('operators agree with simple models', () => {
  it('where keeps what a loop keeps', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: -5, max: 5 }), async (content, bound) => {
        const query = `${NUMBERED} | where n >= ${bound} or s =~ "a" | project i`;
        const expected = content.flatMap(([n, s], i) =>
          (n !== null && n >= bound) || s.toLowerCase() === 'a' ? [[i]] : [],
        );
        expect(await rowsOf(query, table('T', content))).toEqual(expected);
      }),
      RUNS,
    );
  });

  it('negations split the rows in two, whatever is null', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.constantFrom('n == 2', 's has "a"', 's contains "b"', 'n in (1, 2)', 's =~ "A"'),
        async (content, test) => {
          const count = async (condition: string) =>
            Number((await rowsOf(`T | where ${condition} | count`, table('T', content)))[0]?.[0]);
          expect((await count(test)) + (await count(`not(${test})`))).toBe(content.length);
        },
      ),
      RUNS,
    );
  });

  it('sort is stable and puts nulls where they belong', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), async (content, descending) => {
        const query = `${NUMBERED} | sort by n ${descending ? 'desc' : 'asc'} | project i`;
        const key = (n: number | null) => n ?? Number.NEGATIVE_INFINITY;
        const order = content.map((_, i) => i);
        order.sort((left, right) => {
          const difference = key(content[left]?.[0] ?? null) - key(content[right]?.[0] ?? null);
          return (Number.isNaN(difference) ? 0 : descending ? -difference : difference) || left - right;
        });
        expect(await rowsOf(query, table('T', content))).toEqual(order.map((i) => [i]));
      }),
      RUNS,
    );
  });

  it('summarize counts like a map', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (content) => {
        const groups = new Map<string, [number | null, string, number, number]>();
        for (const [n, s] of content) {
          const group = groups.get(`${n} ${s}`) ?? [n, s, 0, 0];
          groups.set(`${n} ${s}`, [n, s, group[2] + 1, group[3] + (n ?? 0)]);
        }
        const query = 'T | summarize c = count(), t = sum(n) by n, s';
        expect(await rowsOf(query, table('T', content))).toEqual([...groups.values()]);
      }),
      RUNS,
    );
  });

  it('joins pair rows like nested loops', async () => {
    const kinds = fc.constantFrom('inner', 'leftouter', 'leftsemi', 'leftanti', 'innerunique');
    await fc.assert(
      fc.asyncProperty(rows, rows, kinds, async (left, right, kind) => {
        const tables = { ...table('T', left), R: tableOf('n: long, w: string', right) };
        const result = await rowsOf(`${NUMBERED} | join kind=${kind} R on n`, tables);
        expect(result.map((one) => one[2])).toEqual(joined(left, right, kind));
      }),
      RUNS,
    );
  });

  it('bin floors', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 50 }), async (value, size) => {
        expect(await rowsOf(`print bin(${value}, ${size})`)).toEqual([[Math.floor(value / size) * size + 0]]);
      }),
      RUNS,
    );
  });

  it('64-bit arithmetic wraps', async () => {
    const long = fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n });
    await fc.assert(
      fc.asyncProperty(long, long, fc.constantFrom('+', '-', '*'), async (left, right, operator) => {
        const exact = operator === '+' ? left + right : operator === '-' ? left - right : left * right;
        const query = `print tostring(long(${left}) ${operator} long(${right}))`;
        expect(await rowsOf(query)).toEqual([[String(BigInt.asIntN(64, exact))]]);
      }),
      RUNS,
    );
  });

  it('a row that goes through a bag comes back', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (content) => {
        const query =
          'T | project d = bag_pack("n", n, "s", s) | extend n = tolong(d.n), s = tostring(d.s) | project n, s';
        expect(await rowsOf(query, table('T', content))).toEqual(content);
      }),
      RUNS,
    );
  });

  it('top is the head of sort', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 0, max: 9 }), async (content, count) => {
        const top = await rowsOf(`${NUMBERED} | top ${count} by n | project i`, table('T', content));
        expect(top).toEqual(await rowsOf(`${NUMBERED} | sort by n | take ${count} | project i`, table('T', content)));
      }),
      RUNS,
    );
  });
});

/** The number of the left row of each pair. */
function joined(left: readonly Row[], right: readonly Row[], kind: string): number[] {
  const seen = new Set<number | null>();
  return left.flatMap(([n], i) => {
    const partners = right.filter(([key]) => key === n).length;
    if (kind === 'leftsemi') return partners > 0 ? [i] : [];
    if (kind === 'leftanti') return partners > 0 ? [] : [i];
    if (kind === 'innerunique') {
      if (seen.has(n)) return [];
      seen.add(n);
    }
    const rowsOut = partners === 0 && kind === 'leftouter' ? 1 : partners;
    return new Array<number>(rowsOut).fill(i);
  });
}
