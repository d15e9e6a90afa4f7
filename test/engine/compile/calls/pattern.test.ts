import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../../evaluate.ts';

const CAPITALS = `declare pattern country = (name: string)[state: string] {
  ("USA").["New York"] = { print Capital = "Albany" };
  ("USA").["Washington"] = { print Capital = "Olympia" };
  ("Canada").["Alberta"] = { let suffix = "!"; print Capital = strcat("Edmonton", suffix, name, state) };
};`;
const PLACES = `declare pattern place = (address: string) { ("10.10.10.10") = { print Lat = 37.405992, Long = -122.078515 }; };`;

describe('patterns', () => {
  it.each([
    [`${CAPITALS} country("Canada").Alberta`, [['Edmonton!CanadaAlberta']]],
    [
      `${CAPITALS} union country("USA").Washington, (country("USA").["New York"]) | where Capital != ""`,
      [['Olympia'], ['Albany']],
    ],
    [`${PLACES} place("10.10.10.10") | project Lat`, [[37.405992]]],
  ])('%s', async (query, expected) => {
    expect(await rowsOf(query)).toEqual(expected);
  });

  it('refuses what a pattern does not have', async () => {
    await expect(rowsOf(`${PLACES} place("10.10.10.11")`)).rejects.toMatchObject({ name: 'HuntwireError' });
    await expect(rowsOf(`declare pattern place; print 1`)).rejects.toMatchObject({ name: 'HuntwireError' });
  });
});

describe('query parameters', () => {
  it('have their defaults', async () => {
    const query = `declare query_parameters(least: long = 2, word: string = 'x'); range n from 1 to 3 step 1 | where n >= least | extend word`;
    expect(await rowsOf(query)).toEqual([
      [2, 'x'],
      [3, 'x'],
    ]);
  });

  it('are refused without one', async () => {
    await expect(rowsOf(`declare query_parameters(least: long); print least`)).rejects.toMatchObject({
      code: 'KQL_UNSUPPORTED',
    });
  });
});
