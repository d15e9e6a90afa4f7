import { afterAll, expect, it } from '@jest/globals';
import { databaseChecks } from '../../../src/cli/doctor/database-checks.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { openPostgresStore } from '../../../src/state/postgres-store.ts';
import { postgres } from '../../lib/postgres.ts';

postgres.describe('doctor, of a state in Postgres', () => {
  const schema = postgres.freshSchema();
  afterAll(schema.drop);

  it('looks at layout, lock, clock, safety and size, before and after the first run', async () => {
    const url = await schema.url();
    const before = await databaseChecks(url);
    expect(before.map(({ name, ok }) => [name, ok])).toEqual([
      ['state', true],
      ['lock', true],
      ['clock', true],
      // The server of the tests keeps nothing.
      ['safety', false],
      ['space', true],
    ]);
    expect(before[0]?.message).toContain('has no tables yet');
    expect(before[4]?.message).toMatch(/^has \d+(\.\d)? [MG]B; what is free on its disk it does not tell/);
    await (await openPostgresStore({ url, clock: createManualClock(0) })).close();
    expect((await databaseChecks(url))[0]?.message).toMatch(/has layout (\d+) of \1$/);
  });

  it('says of one that is not there what to look at', async () => {
    const url = new URL(await schema.url());
    url.port = '1';
    const [only, ...rest] = await databaseChecks(url.href);
    expect([only?.ok, rest]).toEqual([false, []]);
    expect(only?.message).toContain('cannot be reached now');
  });
});
