import { describe, expect, it } from '@jest/globals';
import meanings from '../../../schemas/meanings.json' with { type: 'json' };
import { columnsOfTable, defenderTables } from '../../../src/kql/defender.ts';
import {
  COLUMN_SENTENCES,
  FUNCTION_SENTENCES,
  listedValues,
  TABLE_SENTENCES,
} from '../../../src/kql/language/meanings.ts';
import { foreignList, foreignText, member } from '../../../src/kql/parser/foreign.ts';
import { loadKusto } from '../../../src/kql/parser/runtime.ts';

const columns = [
  ...new Set(defenderTables().flatMap((table) => (columnsOfTable(table) ?? []).map(({ name }) => name))),
];

describe('what tables, columns and functions are', () => {
  it('is said of all of the schema, and of nothing else', () => {
    expect(Object.keys(TABLE_SENTENCES).sort()).toEqual([...defenderTables()].sort());
    expect(Object.keys(COLUMN_SENTENCES).sort()).toEqual([...columns].sort());
  });

  it('is said of every function and aggregate that the parser has, but those of its own', async () => {
    const { language } = await loadKusto();
    const named = (kind: string): readonly string[] =>
      foreignList(member(member(language, kind), 'All')).map((one) => foreignText(member(one, 'Name')));
    const all = [...named('Functions'), ...named('Aggregates')].filter((name) => !name.startsWith('__'));
    expect(all.length).toBeGreaterThan(400);
    expect(all.filter((name) => !FUNCTION_SENTENCES[name])).toEqual([]);
  });

  it('is a short sentence', () => {
    const all = [TABLE_SENTENCES, COLUMN_SENTENCES, FUNCTION_SENTENCES].flatMap((some) => Object.values(some));
    expect(all.filter((sentence) => !/^[A-Z0-9e-].{1,160}[.]$/.test(sentence ?? ''))).toEqual([]);
  });

  it('is nothing that every object has', () => {
    expect([COLUMN_SENTENCES.constructor, FUNCTION_SENTENCES.toString]).toEqual([undefined, undefined]);
    expect(listedValues('constructor', ['toString'])).toEqual([]);
  });
});

describe('values of columns', () => {
  it('are of columns that the tables have', () => {
    for (const [column, byTable] of Object.entries(meanings.values))
      for (const table of Object.keys(byTable))
        expect([column, table, table === '*' ? columns : columnsOfTable(table)?.map(({ name }) => name)]).toEqual([
          column,
          table,
          expect.arrayContaining([column]),
        ]);
  });

  it('are those of the tables, of every table where none is known, and of any where the table does not matter', () => {
    expect(listedValues('ActionType', ['DeviceImageLoadEvents'])).toEqual(['ImageLoaded']);
    expect(listedValues('ActionType', [])).toEqual(expect.arrayContaining(['ImageLoaded', 'LdapSearch', 'Phish ZAP']));
    expect(listedValues('Severity', ['AlertInfo', 'AlertEvidence'])).toEqual([
      'High',
      'Informational',
      'Low',
      'Medium',
    ]);
    expect(listedValues('RemoteIPType', ['DeviceNetworkEvents'])).toContain('Loopback');
    expect(listedValues('FileName', ['DeviceEvents'])).toEqual([]);
  });
});
