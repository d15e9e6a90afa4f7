import { afterAll } from '@jest/globals';
import { openPostgresStore } from '../../src/state/postgres-store.ts';
import { describeStore } from '../contract/store.ts';
import { postgres } from '../lib/postgres.ts';

postgres.describe('a state in Postgres', () => {
  const schema = postgres.freshSchema();
  afterAll(schema.drop);
  describeStore('Postgres', () => ({
    open: async (clock) => openPostgresStore({ url: await schema.url(), clock }),
    clean: schema.empty,
  }));
});
