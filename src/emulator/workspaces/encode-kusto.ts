import type { Answer } from '../answer.ts';
import { WIRE_TYPES } from '../wire-types.ts';
import { encodeRows } from './encode-cells.ts';
import { limitError } from './kusto-errors.ts';
import { kustoStatistics } from './statistics.ts';

/** Frames of version 2; where there were more rows than Kusto gives the last one says so. */
export function encodeFrames(answer: Answer, isCut: boolean, seconds: number): string {
  const columns = answer.columns.map(({ name, type }) => ({ ColumnName: name, ColumnType: type }));
  const rows = encodeRows(answer, false);
  const frames = [
    {
      FrameType: 'DataSetHeader',
      IsProgressive: false,
      Version: 'v2.0',
      IsFragmented: false,
      ErrorReportingPlacement: 'EndOfDataSet',
    },
    side(0, 'QueryProperties', '@ExtendedProperties', 'Visualization', '{"Visualization":null}'),
    null,
    completion(JSON.stringify(kustoStatistics(rows.length, seconds))),
    {
      FrameType: 'DataSetCompletion',
      HasErrors: isCut,
      Cancelled: false,
      ...(isCut && { OneApiErrors: [limitError()] }),
    },
  ];
  const result = `{"FrameType":"DataTable","TableId":1,"TableKind":"PrimaryResult","TableName":"PrimaryResult","Columns":${JSON.stringify(columns)},"Rows":${rows}}`;
  return `[${frames.map((frame) => (frame === null ? result : JSON.stringify(frame))).join(',\r\n')}]`;
}

function side(id: number, kind: string, name: string, key: string, value: string): object {
  const columns = ['Key', 'Value'].map((column) => ({ ColumnName: column, ColumnType: 'string' }));
  return {
    FrameType: 'DataTable',
    TableId: id,
    TableKind: kind,
    TableName: name,
    Columns: columns,
    Rows: [[key, value]],
  };
}

function completion(statistics: string): object {
  const columns = ['EventTypeName', 'Payload'].map((name) => ({ ColumnName: name, ColumnType: 'string' }));
  return {
    FrameType: 'DataTable',
    TableId: 2,
    TableKind: 'QueryCompletionInformation',
    TableName: 'QueryCompletionInformation',
    Columns: columns,
    Rows: [
      ['QueryInfo', '{"Count":1,"Text":"Query completed successfully"}'],
      ['QueryResourceConsumption', statistics],
    ],
  };
}

/** Tables of version 1: the result, and a status that says whether it is whole. */
export function encodeTables(answer: Answer, isCut: boolean): string {
  const columns = answer.columns.map(({ name, type }) => ({
    ColumnName: name,
    DataType: WIRE_TYPES[type],
    ColumnType: type,
  }));
  const status = {
    TableName: 'Table_1',
    Columns: [
      { ColumnName: 'Severity', DataType: 'Int32', ColumnType: 'int' },
      { ColumnName: 'StatusDescription', DataType: 'String', ColumnType: 'string' },
    ],
    Rows: [isCut ? [2, JSON.stringify(limitError())] : [4, 'Query completed successfully']],
  };
  const result = `{"TableName":"Table_0","Columns":${JSON.stringify(columns)},"Rows":${encodeRows(answer, true)}}`;
  return `{"Tables":[${result},${JSON.stringify(status)}]}`;
}
