import { beforeAll, describe, expect, it } from '@jest/globals';
import type { EmulatedApi } from '../../../src/emulator/answer.ts';
import { encodeAnswer } from '../../../src/emulator/encode.ts';
import { createKqlEngine, type KqlEngine } from '../../../src/engine/kql-engine.ts';
import { defenderSchema } from '../../../src/kql/defender.ts';
import { packQuery } from '../../../src/kql/pack/pack-query.ts';
import type { Column } from '../../../src/kql/types.ts';
import { createUnpacking } from '../../../src/run/pack/unpack-rows.ts';
import { createRowNormalizer, type RowNormalizer } from '../../../src/sources/decode/normalize-row.ts';
import { createRowDecoder, DECODE_LIMITS } from '../../../src/sources/decode-rows.ts';
import type { Row, RowSink } from '../../../src/sources/source.ts';
import { PACKED_OPERATORS } from './packed-forms.ts';

let engine: KqlEngine;
beforeAll(() => {
  engine = createKqlEngine({ schema: defenderSchema(), now: 0, elapsed: () => 0 });
});

/** The answer of the emulated API, as its client reads it. */
async function ask(api: EmulatedApi, query: string, sink: RowSink): Promise<void> {
  const result = await engine.run(query, { signal: new AbortController().signal });
  const body = encodeAnswer({ columns: result.columns, rows: [...result.rows()] as Row[] }, api, {
    seconds: 0,
    isCut: false,
  });
  let normalizer: RowNormalizer = createRowNormalizer([]);
  const decoder = createRowDecoder(
    { ...DECODE_LIMITS, maxBytes: 1e9, maxRows: 1e9 },
    {
      schema: (columns) => {
        normalizer = createRowNormalizer(columns);
        sink.schema(normalizer.columns);
      },
      row: (row) => sink.row(normalizer.normalize(row)),
    },
  );
  decoder.push(Buffer.from(body));
  decoder.end();
}

async function alone(api: EmulatedApi, query: string) {
  let columns: readonly Column[] = [];
  const rows: Row[] = [];
  const schema = (own: readonly Column[]): void => {
    columns = own;
  };
  await ask(api, query, { schema, row: (row) => void rows.push(row) });
  return { columns, rows };
}

const VALUES = `datatable(S:string, L:long, I:int, R:real, D:decimal, T:datetime, P:timespan, G:guid, B:bool, Y:dynamic)[
  "", long(null), int(null), real(null), decimal(null), datetime(null), timespan(null), guid(null), bool(null), dynamic(null),
  "2024-01-01", 9223372036854775807, -1, 0.1, decimal(1.10), datetime(2026-01-01T01:02:03.0000001Z), time(1.02:03:04.0000005), guid(74be27de-1e4e-49d9-b579-fe0b331d3642), true, dynamic({"a":null,"b":"","c":[1,{"d":"x"},[2]],"e":{}}),
  '{"a":1}', -9223372036854775808, 7, real(nan), decimal(-12345678901234567890.5), datetime(0001-01-01), time(-1s), guid(00000000-0000-0000-0000-000000000000), false, dynamic([null,"","2024-01-01","[1]",{"a":[]},9007199254740993]),
  "null", 9007199254740993, 0, real(+inf), decimal(0), datetime(9999-12-31T23:59:59.9999999Z), 0s, guid(null), true, dynamic("plain"),
  "x\\ny\\"\\\\", 0, 0, 1e300, decimal(100), datetime(2026-06-01), 365d, guid(null), false, dynamic({}),
  "[]", 1, 1, 5.0, decimal(5), datetime(2026-06-01T12:00:00Z), 1h, guid(null), true, dynamic("{\\"a\\":1}"),
  "{}", 1, 1, -0.0, decimal(5), datetime(2026-06-01T12:00:00Z), 1h, guid(null), true, dynamic(9007199254740993)
]`;
const MISSING = `datatable(K:long)[1, 2] | join kind=leftouter (${VALUES} | extend K = 1 | take 1) on K | project-away K1`;

describe.each(['graph', 'xdr', 'mde'] as const)('an answer of %s to several rules', (api) => {
  it('has the rows that each has alone, with all their types and values', async () => {
    await expectSame(api, [VALUES, MISSING, `${VALUES} | project Y, T`], [7, 2, 7]);
  });

  it('has them of every shape that goes with others', async () => {
    await expectSame(api, Object.values(PACKED_OPERATORS));
  });
});

async function expectSame(api: EmulatedApi, queries: readonly string[], counts: readonly number[] | null = null) {
  const single = await Promise.all(queries.map((query) => alone(api, query)));
  const columns = single.map((one) => one.columns);
  const unpacking = createUnpacking(columns);
  const { text } = packQuery(queries.map((query, index) => ({ text: query, columns: columns[index] ?? [] })));
  await ask(api, text, unpacking);
  if (counts) expect(single.map(({ rows }) => rows.length)).toEqual(counts);
  expect(unpacking.rows()).toEqual(single.map(({ rows }) => rows));
}
