import { describe, expect, it } from '@jest/globals';
import { ask, rowsOf, tableOf } from '../ask.ts';

const TABLES = {
  Open: tableOf('a: long', [[1]]),
  OpenToo: tableOf('a: long', [[2]]),
  Closed: tableOf('a: long, secret: string', [[3, 'x']]),
};
const SCHEMA = {
  schema: { tables: {}, functions: [{ name: 'Reader', parameters: '()', body: '{ Closed | count }' }] },
};

const rows = (query: string) => rowsOf(query, TABLES, SCHEMA);
const failure = (query: string) => ask(query, TABLES, SCHEMA).then(String, (thrown) => String(thrown));

describe('restrict access to', () => {
  it.each([
    [
      'a view reads what it names, also a table that is hidden behind it',
      'let V = () { Closed | project a }; restrict access to (V); V',
      [[3]],
    ],
    ['a table of the database', 'restrict access to (database().Open); Open', [[1]]],
    ['a table by its bare name', 'restrict access to (Open); database().Open', [[1]]],
    ['a pattern of tables', 'restrict access to (database().Open*); union Open*, (OpenToo)', [[1], [2], [2]]],
    ['a union of all that is left', 'restrict access to (database().Open*); union *', [[1], [2]]],
    ['all that the query declares', 'let V = () { Closed | project a }; restrict access to (*); V', [[3]]],
    [
      'values and functions of values stay',
      'let n = 2; let f = (x: long) { x * n }; restrict access to (Open); Open | project f(a)',
      [[2]],
    ],
    ['what is declared behind it stays', 'restrict access to (Open); let W = Open | project b = a; W', [[1]]],
    [
      'a leg of a fuzzy union that is hidden is left out',
      'restrict access to (Open); union isfuzzy=true Open, Closed',
      [[1]],
    ],
    [
      'a second one takes of what the first left',
      'restrict access to (database().Open*); restrict access to (Open); union *',
      [[1]],
    ],
    ['a stored function reads its tables', 'restrict access to (database().Reader); Reader()', [[1]]],
  ])('%s', async (_name, query, expected) => {
    expect(await rows(query)).toEqual(expected);
  });

  it.each([
    ['a table', 'restrict access to (Open); Closed', 'Closed'],
    ['a table by database()', 'restrict access to (Open); database().Closed', 'Closed'],
    ['a table by table()', 'restrict access to (Open); table("Closed")', 'Closed'],
    ['tables under a pattern of views', 'let V = () { Open }; restrict access to (*); Open', 'Open'],
    ['a table in a condition', 'restrict access to (Open); Open | where a in (Closed | project a)', 'Closed'],
    ['a view', 'let V = () { Open }; let W = () { V }; restrict access to (W); V', 'V'],
    ['a table of let', 'let V = Open; restrict access to (Open); V', 'V'],
    ['a function of a later let', 'restrict access to (Open); let V = () { Closed }; V', 'Closed'],
    ['a stored function', 'restrict access to (Open); Reader()', 'Reader'],
    ['what the first one hid', 'restrict access to (Open); restrict access to (database().*); Closed', 'Closed'],
  ])('hides %s', async (_name, query, hidden) => {
    expect(await failure(query)).toContain(`'${hidden}' is not among what 'restrict access to' leaves`);
  });

  it('does not read a hidden table', async () => {
    const closed = tableOf('a: long', [[3]]);
    await rowsOf('restrict access to (database().Open); union *', { ...TABLES, Closed: closed });
    expect([...closed.asked]).toEqual([]);
  });

  it('refuses a search whose columns would be those of hidden tables', async () => {
    expect(await failure('restrict access to (Open); search "x"')).toContain(
      'does not support find and search over a pattern',
    );
    expect(await failure('restrict access to (Open); find where a == 1')).toContain(
      'does not support find and search over a pattern',
    );
  });
});
