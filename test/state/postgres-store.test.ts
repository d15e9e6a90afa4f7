import { afterAll } from '@jest/globals';
import { openPostgresStore } from '../../src/state/postgres-store.ts';
import { describePages } from '../contract/pages.ts';
import { describeStore, type StoreMaker } from '../contract/store.ts';
import { postgres } from '../lib/postgres.ts';

postgres.describe('a state in Postgres', () => {
  const schema = postgres.freshSchema();
  afterAll(schema.drop);
  const make = (): StoreMaker => ({
    open: async (clock) => openPostgresStore({ url: await schema.url(), clock }),
    clean: schema.empty,
  });
  describeStore('Postgres', make);
  describePages('Postgres', make);
});
