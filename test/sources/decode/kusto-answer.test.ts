import { describe, expect, it } from '@jest/globals';
import { kustoAnswer } from '../../../src/sources/decode/kusto-answer.ts';
import { decodeAs, refuseWith } from './cell-rows.ts';

const decode = (text: string, size?: number) => decodeAs(kustoAnswer(refuseWith), text, size);

const HEADER = '{"FrameType":"DataSetHeader","IsProgressive":false,"Version":"v2.0"}';
const PROPERTIES =
  '{"FrameType":"DataTable","TableId":0,"TableKind":"QueryProperties","TableName":"@ExtendedProperties","Columns":[{"ColumnName":"TableId","ColumnType":"int"}],"Rows":[[1]]}';
const COLUMNS =
  '[{"ColumnName":"Timestamp","ColumnType":"datetime"},{"ColumnName":"N","ColumnType":"long"},{"ColumnName":"S","ColumnType":"timespan"},{"ColumnName":"D","ColumnType":"dynamic"},{"ColumnName":"R","ColumnType":"real"}]';
const result = (rows: string, more = '"TableId":1,"TableName":"PrimaryResult"'): string =>
  `{"FrameType":"DataTable","TableKind":"PrimaryResult",${more},"Columns":${COLUMNS},"Rows":[${rows}]}`;
const INFORMATION =
  '{"FrameType":"DataTable","TableId":2,"TableKind":"QueryCompletionInformation","TableName":"QueryCompletionInformation","Columns":[{"ColumnName":"Payload","ColumnType":"string"}],"Rows":[["{\\"a\\":1}"]]}';
const DONE = '{"FrameType":"DataSetCompletion","HasErrors":false,"Cancelled":false}';
const frames = (...all: string[]): string => `[${all.join('\r\n,')}]`;

const ROW = '["2026-11-27T10:00:00.1234567Z",9007199254740993,"1.02:03:04.5000000",{"a":{"b":[1]}},"NaN"]';
const READ = {
  Timestamp: '2026-11-27T10:00:00.1234567Z',
  N: '9007199254740993',
  S: '1.02:03:04.5000000',
  D: { a: { b: [1] } },
  R: 'NaN',
};

describe('frames of version 2', () => {
  it.each([1, 3, 100, 65_536])('have the rows of the result, in pieces of %d bytes', (size) => {
    const text = frames(HEADER, PROPERTIES, result(`${ROW},${ROW}`), INFORMATION, DONE);
    const { rows, columns } = decode(text, size);
    expect(rows).toEqual([READ, READ]);
    expect(columns.map(({ type }) => type)).toEqual(['datetime', 'long', 'timespan', 'dynamic', 'real']);
  });

  it('have every type of the language, and what is nothing of it', () => {
    const types = ['bool', 'guid', 'decimal', 'int', 'string', 'real', 'real', 'dynamic'];
    const columns = JSON.stringify(types.map((type, at) => ({ ColumnName: `C${at}`, ColumnType: type })));
    const rows =
      '[true,"0-1","12345678901234567890.5",7,"x","Infinity",-0.5,null],[null,null,null,null,null,null,null,null]';
    const text = frames(HEADER, result(rows).replace(COLUMNS, columns), DONE);
    const [all, none] = decode(text).rows;
    expect(Object.values(all ?? {})).toEqual([true, '0-1', '12345678901234567890.5', 7, 'x', 'Infinity', -0.5, null]);
    expect(new Set(Object.values(none ?? {}))).toEqual(new Set([null]));
  });

  it('have a result without rows', () => {
    expect(decode(frames(HEADER, PROPERTIES, result(''), INFORMATION, DONE)).end.rows).toBe(0);
  });

  it('have it in fragments that are added', () => {
    const head = `{"FrameType":"TableHeader","TableId":1,"TableKind":"PrimaryResult","TableName":"P","Columns":${COLUMNS}}`;
    const fragment = (id: number) =>
      `{"FrameType":"TableFragment","TableFragmentType":"DataAppend","TableId":${id},"Rows":[${ROW}]}`;
    const completion = '{"FrameType":"TableCompletion","TableId":1,"RowCount":2}';
    const text = frames(HEADER, head, fragment(1), fragment(7), fragment(1), completion, DONE);
    expect(decode(text).rows).toEqual([READ, READ]);
    const replacing = fragment(1).replace('DataAppend', 'DataReplace');
    expect(() => decode(frames(HEADER, head, replacing, DONE))).toThrow('replaces rows that it gave (DataReplace)');
  });

  const error = '{"error":{"code":"LimitsExceeded","message":"E_QUERY_RESULT_SET_TOO_LARGE","@permanent":false}}';
  it.each([
    [
      'errors at the end',
      frames(HEADER, result(ROW), DONE.replace('false,"C', `true,"OneApiErrors":[${error}],"C`)),
      'TOO_LARGE',
    ],
    [
      'errors without a word',
      frames(HEADER, result(ROW), DONE.replace('"HasErrors":false', '"HasErrors":true')),
      'there were errors',
    ],
    ['an error among the rows', frames(HEADER, result(`${ROW},{"OneApiErrors":[${error}]}`), DONE), 'TOO_LARGE'],
    [
      'a query that was stopped',
      frames(HEADER, result(ROW), DONE.replace('"Cancelled":false', '"Cancelled":true')),
      'cancelled',
    ],
    [
      'errors that are said where no errors are',
      frames(HEADER, result(ROW), DONE.replace('false,"C', `false,"OneApiErrors":[${error}],"C`)),
      'TOO_LARGE',
    ],
    [
      'errors in other words',
      frames(HEADER, result(ROW), DONE.replace('rrors":false', 'rrors":"true"')),
      'there were errors',
    ],
    [
      'an error where its table ends',
      frames(HEADER, result(ROW), `{"FrameType":"TableCompletion","TableId":1,"OneApiErrors":[${error}]}`, DONE),
      'TOO_LARGE',
    ],
    ['a row of the wrong length', frames(HEADER, result(`${ROW},["2026-11-27T10:00:00Z"]`), DONE), 'not as many cells'],
    ['a row that is a text', frames(HEADER, result(`${ROW},"x"`), DONE), 'not an array of arrays'],
    ['columns that are none', frames(HEADER, result(ROW).replace(COLUMNS, '[1]'), DONE), 'no name or type'],
    [
      'rows before columns',
      frames(HEADER, `{"FrameType":"DataTable","TableKind":"PrimaryResult","TableId":1,"Rows":{}}`, DONE),
      'no array',
    ],
    ['no end', frames(HEADER, result(ROW), INFORMATION), 'without DataSetCompletion'],
    ['a cut', frames(HEADER, result(ROW), DONE).slice(0, -1), 'ends early'],
    [
      'two results',
      frames(HEADER, result(ROW), result(ROW, '"TableId":5,"TableName":"Second"'), DONE),
      'a second result, "Second"',
    ],
    [
      'rows of nobody knows what',
      frames(HEADER, result(ROW).replace('"TableKind":"PrimaryResult",', ''), DONE),
      'before it says',
    ],
    ['no result', frames(HEADER, PROPERTIES, DONE), 'no schema'],
  ])('are refused for %s', (_, text, says) => {
    expect(() => decode(text)).toThrow(says);
  });
});

describe('tables of version 1', () => {
  const columns =
    '[{"ColumnName":"A","DataType":"SByte","ColumnType":"bool"},{"ColumnName":"D","DataType":"Object","ColumnType":"dynamic"}]';
  const table = (rows: string) => `{"TableName":"Table_0","Columns":${columns},"Rows":[${rows}]}`;
  const status = (severity: number, text: string) =>
    `{"TableName":"Table_2","Columns":[{"ColumnName":"Timestamp","DataType":"DateTime"},{"ColumnName":"Severity","DataType":"Int32"},{"ColumnName":"StatusDescription","DataType":"String"}],"Rows":[["2026-11-27T10:00:00Z",${severity},"${text}"]]}`;
  const answer = (...tables: string[]) => `{"Tables":[${tables.join(',')}]}`;

  it('are whole where they say that there were no exceptions', () => {
    const text = answer(table('[1,null]')).replace(/}$/, ',"Exceptions":[]}');
    expect(decode(text).rows).toHaveLength(1);
  });

  it('have the first as the result, dynamic values as JSON text', () => {
    const text = answer(table('[1,"{\\"x\\":1}"],[0,null]'), status(4, 'Query completed successfully'));
    expect(decode(text).rows).toEqual([
      { A: true, D: { x: 1 } },
      { A: false, D: null },
    ]);
  });

  it.each([
    [
      'a status that is an error',
      answer(table('[1,null]'), status(2, 'Query result set has exceeded')),
      'has exceeded',
    ],
    ['exceptions among rows', answer(table('[1,null],{"Exceptions":["Query execution failed"]}')), 'execution failed'],
    ['exceptions beside tables', '{"Tables":[],"Exceptions":["x y"]}', 'x y'],
    ['exceptions behind whole tables', answer(table('[1,null]')).replace(/}$/, ',"Exceptions":["x y"]}'), 'x y'],
    ['an error', '{"error":{"code":"Internal"}}', 'Internal'],
  ])('are refused for %s', (_, text, says) => {
    expect(() => decode(text)).toThrow(says);
  });
});
