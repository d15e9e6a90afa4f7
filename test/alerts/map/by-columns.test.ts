import { describe, expect, it } from '@jest/globals';
import { byColumns } from '../../../src/alerts/map/by-columns.ts';
import { createEntityMapper } from '../../../src/alerts/map/entities.ts';
import type { Row } from '../../../src/sources/source.ts';
import { makeRule } from '../samples.ts';

describe('what is made of the columns of a row', () => {
  it('is made once for rows with the same columns, whatever they hold', () => {
    let made = 0;
    const names = byColumns((row) => {
      made += 1;
      return Object.keys(row).join();
    });
    expect(
      [
        { A: 1, B: 2 },
        { A: null, B: 'x' },
      ].map(names),
    ).toEqual(['A,B', 'A,B']);
    expect(made).toBe(1);
  });

  it.each([
    ['one more', { A: 1, B: 2, C: 3 }],
    ['one fewer', { A: 1 }],
    ['another', { A: 1, C: 2 }],
    ['another order', { B: 1, A: 2 }],
    ['none', {}],
  ] as const)('is made anew for a row with %s', (_, row) => {
    const names = byColumns((one) => Object.keys(one).join());
    expect([{ A: 1, B: 2 }, row, { A: 1, B: 2 }].map(names)).toEqual(['A,B', Object.keys(row).join(), 'A,B']);
  });
});

describe('entities of rows of different columns', () => {
  it('are those that each row by itself gives', () => {
    const rows: readonly Row[] = [
      { DeviceName: 'pc1', AccountName: 'bob' },
      { DeviceName: 'pc2', AccountName: 'eve', AccountSid: 'S-1' },
      { RemoteUrl: 'https://example.org', RemoteIP: '192.0.2.1', RemotePort: 443 },
      { DeviceName: 'pc1', AccountName: 'ann' },
    ];
    const mapper = createEntityMapper(makeRule({ tables: [] }));
    const alone = rows.map((row) => createEntityMapper(makeRule({ tables: [] }))([row]));
    expect(rows.map((row) => mapper([row]))).toEqual(alone);
    expect(alone.map((entities) => entities.map(({ type }) => type))).toEqual([
      ['host', 'account'],
      ['host', 'account'],
      ['url', 'ip'],
      ['host', 'account'],
    ]);
  });
});
