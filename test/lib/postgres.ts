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
  /** Takes all rows out, which is much quicker than new tables; of tables that have some, since each costs new files. */
  empty(): Promise<void>;
  drop(): Promise<void>;
}

async function tell(text: string): Promise<void> {
  const session = await openClient(addressOf(SERVER));
  await session.query({ text }).finally(session.end);
}

function freshSchema(): Schema {
  const schema = `test_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(SERVER);
  url.searchParams.set('options', `-c search_path=${schema}`);
  let made: Promise<void> | null = null;
  return {
    url: async () => {
      made ??= tell(`CREATE SCHEMA ${schema}`);
      await made;
      return url.href;
    },
    empty: () =>
      tell(`DO $$ DECLARE name text; has_rows boolean; BEGIN
        FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = '${schema}' AND tablename <> 'layout'
        LOOP
          EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO has_rows;
          IF has_rows THEN EXECUTE 'TRUNCATE ' || name || ' RESTART IDENTITY CASCADE'; END IF;
        END LOOP; END $$`),
    drop: () => tell(`DROP SCHEMA IF EXISTS ${schema} CASCADE`),
  };
}

/** Tests that need a server: skipped, with the reason, where there is none; in CI that is a failure. */
export const postgres = {
  describe: (name: string, tests: () => void) => describeWith(SERVER === '' ? PROBLEM : null, name, tests),
  freshSchema,
};
