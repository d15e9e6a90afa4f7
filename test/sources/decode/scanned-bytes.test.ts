import { describe, expect, it } from '@jest/globals';
import { kustoAnswer } from '../../../src/sources/decode/kusto-answer.ts';
import { scannedBytes } from '../../../src/sources/decode/scanned-bytes.ts';
import { tablesAnswer } from '../../../src/sources/decode/tables-answer.ts';
import { createRowDecoder, DECODE_LIMITS } from '../../../src/sources/decode-rows.ts';

const KUSTO = {
  ExecutionTime: 1.4,
  resource_usage: {
    cache: {
      shards: {
        hot: { hitbytes: 1, missbytes: 20, retrievebytes: 20 },
        cold: { hitbytes: 300, missbytes: 4000, retrievebytes: 0 },
        bypassbytes: 50_000,
      },
    },
  },
  input_dataset_statistics: {
    rowstores: { scanned_rows: 3, scanned_values_size: 600_000 },
    external_data: { downloaded_bytes: 7_000_000 },
  },
  cross_cluster_resource_usage: { 'https://c/': { cache: { shards: { hot: { hitbytes: 80_000_000 } } } } },
};
const WORKSPACE = {
  executionTime: 0.5,
  resourceUsage: { cache: { shards: { hot: { hitbytes: 682_106, missbytes: 0 }, bypassbytes: 0 } } },
  inputDatasetStatistics: { rowstores: { scannedRows: 12_323, scannedValuesSize: 4_308_574 } },
};

describe('the bytes that a query read', () => {
  it('are what caches, storage, fresh rows and other clusters gave', () => {
    expect(scannedBytes(KUSTO)).toBe(87_654_321);
    expect(scannedBytes(WORKSPACE)).toBe(682_106 + 4_308_574);
  });

  it.each<[unknown, number | null]>([
    [null, null],
    ['x', null],
    [[], null],
    [{ executionTime: 1 }, null],
    [{ resource_usage: null, input_dataset_statistics: {} }, 0],
    [{ resource_usage: { cache: { shards: { hot: { hitbytes: -5, missbytes: 'x' }, bypassbytes: '12' } } } }, 12],
    [{ resource_usage: { cache: { shards: { hot: { hitbytes: Number.POSITIVE_INFINITY } } } } }, 0],
  ])('of %j are %s', (statistics, bytes) => {
    expect(scannedBytes(statistics)).toBe(bytes);
  });
});

const refuse = () => new Error('refused');

function endOf(form: typeof tablesAnswer, text: string) {
  const sink = { schema: () => undefined, row: () => undefined };
  const decoder = createRowDecoder({ ...DECODE_LIMITS, maxBytes: 1e6, maxRows: 10 }, sink, form(refuse));
  decoder.push(Buffer.from(text));
  return decoder.end();
}

describe('an answer', () => {
  const table = { name: 'PrimaryResult', columns: [{ name: 'A', type: 'int' }], rows: [[1]] };
  const result = {
    FrameType: 'DataTable',
    TableId: 1,
    TableKind: 'PrimaryResult',
    Columns: [{ ColumnName: 'A', ColumnType: 'int' }],
    Rows: [[1]],
  };
  const done = { FrameType: 'DataSetCompletion', HasErrors: false, Cancelled: false };
  const information = (payload: unknown) => ({
    FrameType: 'DataTable',
    TableId: 2,
    TableKind: 'QueryCompletionInformation',
    Columns: [{ ColumnName: 'EventTypeName' }, { ColumnName: 'Payload' }],
    Rows: [
      ['QueryInfo', '{"Count":1}'],
      ['QueryResourceConsumption', payload],
    ],
  });

  it('of Log Analytics tells it beside its tables', () => {
    const text = JSON.stringify({ tables: [table], statistics: { query: WORKSPACE } });
    expect(endOf(tablesAnswer, text)).toMatchObject({ rows: 1, scannedBytes: 4_990_680 });
    expect(endOf(tablesAnswer, JSON.stringify({ statistics: null, tables: [table] }))).not.toHaveProperty(
      'scannedBytes',
    );
    expect(endOf(tablesAnswer, JSON.stringify({ statistics: 7, tables: [table] }))).not.toHaveProperty('scannedBytes');
  });

  it('of Kusto tells it in a table behind the result, in both versions', () => {
    const frames = JSON.stringify([result, information(JSON.stringify(KUSTO)), done]);
    expect(endOf(kustoAnswer, frames)).toMatchObject({ rows: 1, scannedBytes: 87_654_321 });
    const status = {
      TableName: 'Table_2',
      Columns: [{ ColumnName: 'Severity' }, { ColumnName: 'StatusDescription' }],
      Rows: [[6, JSON.stringify(KUSTO)]],
    };
    const first = { TableName: 'Table_0', Columns: result.Columns, Rows: [[1]] };
    expect(endOf(kustoAnswer, JSON.stringify({ Tables: [first, status] }))).toMatchObject({ scannedBytes: 87_654_321 });
    for (const odd of ['{', 7, null, '[]'])
      expect(endOf(kustoAnswer, JSON.stringify([result, information(odd), done]))).not.toHaveProperty('scannedBytes');
  });
});
