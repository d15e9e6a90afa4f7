import { randomUUID } from 'node:crypto';
import { addressOf, openClient } from '../../src/state/postgres/connection.ts';
import { describeWith } from '../e2e/receivers.ts';

/** A server that tests may fill: `bash scripts/test-postgres.sh start` starts one and says its address. */
const SERVER = process.env.HUNTWIRE_TEST_DATABASE_URL ?? '';
const PROBLEM = 'HUNTWIRE_TEST_DATABASE_URL leads to no Postgres (scripts/test-postgres.sh starts one)';

/** A state of its own in that server. */
export interface Schema {
  /** Made with its first use. */
  url(): Promise<string>;
  /** Takes all rows out, which is much quicker than new tables. */
  empty(): Promise<void>;
  drop(): Promise<void>;
}

async function tell(text: string): Promise<void> {
  const session = await openClient(addressOf(SERVER));
  await session.query({ text }).finally(session.end);
}

function freshSchema(): Schema {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(SERVER);
  url.searchParams.set('options', `-c search_path=${name}`);
  let made: Promise<void> | null = null;
  return {
    url: async () => {
      made ??= tell(`CREATE SCHEMA ${name}`);
      await made;
      return url.href;
    },
    empty: () =>
      tell(`DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(format('%I.%I', schemaname, tablename), ', ') || ' RESTART IDENTITY'
        FROM pg_tables WHERE schemaname = '${name}' AND tablename <> 'layout'); END $$`),
    drop: () => tell(`DROP SCHEMA IF EXISTS ${name} CASCADE`),
  };
}

/** Tests that need a server: skipped, with the reason, where there is none; in CI that is a failure. */
export const postgres = {
  describe: (name: string, tests: () => void) => describeWith(SERVER === '' ? PROBLEM : null, name, tests),
  freshSchema,
};
