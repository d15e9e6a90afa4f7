import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../evaluate.ts';

/** Who was seen on which of five days: the example of the documentation. */
const USERS = `let Users = datatable(day: datetime, users: dynamic)[
    datetime(2019-11-01), dynamic([0, 2, 3, 4]), datetime(2019-11-02), dynamic([0, 1, 3, 4, 5]), datetime(2019-11-03), dynamic([0, 2, 4, 5]),
    datetime(2019-11-04), dynamic([0, 1, 2, 3]), datetime(2019-11-05), dynamic([0, 1, 2, 3, 4])]
  | mv-expand user = users to typeof(long) | project Timestamp = day, user, even = user % 2 == 0;
  let from = datetime(2019-11-01); let until = datetime(2019-11-07) - 1tick;`;
const day = (number: number): string => `2019-11-0${number}T00:00:00Z`;

describe('new_activity_metrics', () => {
  it('follows every cohort of new ids, also into periods in which nobody was seen', async () => {
    const query = `${USERS} Users | evaluate new_activity_metrics(user, Timestamp, from, until, 1d) | where from_Timestamp < datetime(2019-11-03)`;
    expect(await rowsOf(query)).toEqual([
      [day(1), day(1), 4, 4, 0, 1, 0],
      [day(1), day(2), 2, 3, 1, 0.75, 0.25],
      [day(1), day(3), 1, 3, 1, 0.75, 0.25],
      [day(1), day(4), 1, 3, 1, 0.75, 0.25],
      [day(1), day(5), 1, 4, 0, 1, 0],
      [day(1), day(6), 0, 0, 4, 0, 1],
      [day(2), day(2), 2, 2, 0, 1, 0],
      [day(2), day(3), 0, 1, 1, 0.5, 0.5],
      [day(2), day(4), 0, 1, 1, 0.5, 0.5],
      [day(2), day(5), 0, 1, 1, 0.5, 0.5],
      [day(2), day(6), 0, 0, 2, 0, 1],
    ]);
  });

  it('takes one cohort, dimensions and a table of ids that are not new', async () => {
    const call = (more: string): string =>
      `${USERS} Users | evaluate new_activity_metrics(user, Timestamp, from, until, 3d, ${more}) | project-away from_Timestamp, to_Timestamp`;
    expect(await rowsOf(call('from'))).toEqual([
      [6, 6, 0, 1, 0],
      [0, 5, 1, 5 / 6, 1 / 6],
    ]);
    expect(await rowsOf(call('from, even'))).toEqual([
      [true, 3, 3, 0, 1, 0],
      [true, 0, 3, 0, 1, 0],
      [false, 3, 3, 0, 1, 0],
      [false, 0, 2, 1, 2 / 3, 1 / 3],
    ]);
    expect(await rowsOf(call('from, (Users | where user > 1 | project user)'))).toEqual([
      [2, 2, 0, 1, 0],
      [0, 2, 0, 1, 0],
    ]);
  });

  it('gives nothing for nothing, and refuses a window that is no length', async () => {
    const nothing = 'datatable(id: long, at: datetime)[] | evaluate new_activity_metrics(id, at, datetime(2024-01-01)';
    expect(await rowsOf(`${nothing}, datetime(2024-01-02), 1d)`)).toEqual([]);
    const call = `${USERS} Users | evaluate new_activity_metrics(user, Timestamp, from, until, 'week')`;
    await expect(rowsOf(call)).rejects.toMatchObject({ code: 'KQL_UNSUPPORTED' });
  });
});
