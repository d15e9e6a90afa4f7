import { describe, expect, it } from '@jest/globals';
import { ask, tableOf } from '../ask.ts';

const T = tableOf('a: long, s: string', [
  [1, 'x'],
  [2, 'y'],
]);

describe('the trace', () => {
  it.each([
    ['T | top-nested 1 of s by max(a)', 'top-nested', 2, 1],
    ['T | mv-expand b = pack_array(a, a)', 'mv-expand', 2, 4],
    ['T | project-away s', 'project-away', 2, 2],
    ['T | order by a', 'order', 2, 2],
  ])('%s', async (query, operator, rowsIn, rowsOut) => {
    const { trace } = await ask(query, { T }, { trace: true });
    expect(trace).toMatchObject([{ operator, rowsIn, rowsOut, line: 1 }]);
  });
});
