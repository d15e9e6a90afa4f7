import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../ask.ts';

const STEPS = `let Steps = datatable(Who:string, At:datetime, State:string)[
  'a', datetime(2026-01-01 00:00), 'scan', 'a', datetime(2026-01-01 00:10), 'login',
  'a', datetime(2026-01-01 00:20), 'login', 'a', datetime(2026-01-01 00:30), 'copy',
  'b', datetime(2026-01-01 00:00), 'scan', 'b', datetime(2026-01-01 05:10), 'login',
  'c', datetime(2026-01-02 00:00), 'login', 'd', datetime(2025-01-01), 'login'];
  Steps`;
const SPAN = 'datetime(2026-01-01), datetime(2026-02-01)';
const START = '2026-01-01T00:00:00Z';

describe('evaluate funnel_sequence', () => {
  it('tells the states before and after a sequence, and who went through', async () => {
    expect(
      await rowsOf(`${STEPS} | evaluate funnel_sequence(Who, At, ${SPAN}, 1h, 365d, State, dynamic(['login']))`),
    ).toEqual([
      [START, 'scan', 'copy', 1, ['a']],
      [START, 'scan', '', 1, ['b']],
      [START, '', '', 1, ['c']],
    ]);
  });

  it('takes steps that are near enough to each other only, in windows of their own', async () => {
    const sequence = "dynamic(['scan', 'login'])";
    const near = await rowsOf(`${STEPS} | evaluate funnel_sequence(Who, At, ${SPAN}, 1h, 1d, State, ${sequence})`);
    expect(near).toEqual([[START, '', 'copy', 1, ['a']]]);
    const far = await rowsOf(`${STEPS} | evaluate funnel_sequence(Who, At, ${SPAN}, 6h, 1d, State, ${sequence})`);
    expect(far.map(([, , next, count]) => [next, count])).toEqual([
      ['copy', 1],
      ['', 1],
    ]);
  });

  it('has no rows without rows, or without a sequence', async () => {
    expect(
      await rowsOf(
        `${STEPS} | where false | evaluate funnel_sequence(Who, At, ${SPAN}, 1h, 1d, State, dynamic(['scan']))`,
      ),
    ).toEqual([]);
    expect(await rowsOf(`${STEPS} | evaluate funnel_sequence(Who, At, ${SPAN}, 1h, 1d, State, dynamic([]))`)).toEqual(
      [],
    );
  });
});

describe('evaluate funnel_sequence_completion', () => {
  it('counts who got how far within each period', async () => {
    expect(
      await rowsOf(
        `${STEPS} | evaluate funnel_sequence_completion(Who, At, ${SPAN}, 365d, State, dynamic(['scan', 'login', 'copy']), dynamic([1h, 6h]))`,
      ),
    ).toEqual([
      [START, 'scan', '01:00:00', 2],
      [START, 'login', '01:00:00', 1],
      [START, 'copy', '01:00:00', 1],
      [START, 'scan', '06:00:00', 2],
      [START, 'login', '06:00:00', 2],
      [START, 'copy', '06:00:00', 1],
    ]);
  });

  it('has no rows without rows', async () => {
    expect(
      await rowsOf(
        `${STEPS} | where false | evaluate funnel_sequence_completion(Who, At, ${SPAN}, 365d, State, dynamic(['scan']), dynamic([1h]))`,
      ),
    ).toEqual([]);
  });
});

describe('evaluate sequence_detect', () => {
  const detect = (step: string, span: string) =>
    rowsOf(
      `${STEPS} | evaluate sequence_detect(At, ${step}, ${span}, found = State == 'scan', entered = State == 'login', taken = State == 'copy', Who)`,
    );

  it('gives every chain of times, the earliest first', async () => {
    expect(await detect('1h', '2h')).toEqual([
      ['a', START, '2026-01-01T00:10:00Z', '2026-01-01T00:30:00Z', '00:30:00'],
      ['a', START, '2026-01-01T00:20:00Z', '2026-01-01T00:30:00Z', '00:30:00'],
    ]);
  });

  it('keeps to the longest step and the longest span', async () => {
    expect(await detect('15m', '2h')).toEqual([]);
    expect(await detect('20m', '2h')).toHaveLength(2);
    expect(await detect('1h', '20m')).toEqual([]);
  });

  it('has no rows without rows, and costs its budget', async () => {
    expect(await rowsOf(`${STEPS} | where false | evaluate sequence_detect(At, 1h, 1h, a = true, Who)`)).toEqual([]);
    const many = 'range t from datetime(2026-01-01) to datetime(2026-01-01 00:10) step 1s';
    const chains = 'evaluate sequence_detect(t, 1d, 1d, a = true, b = true, c = true)';
    await expect(rowsOf(`${many} | ${chains}`, {}, { limits: { rows: 10_000 } })).rejects.toMatchObject({
      code: 'KQL_BUDGET',
    });
  });

  it('refuses to go without a condition', async () => {
    await expect(rowsOf(`${STEPS} | evaluate sequence_detect(At, 1h, 1h, Who)`)).rejects.toMatchObject({
      code: 'KQL_UNSUPPORTED',
    });
  });
});
