import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/lib/secret.ts';
import { stateName } from '../../src/state/state-place.ts';

describe('the name of a state', () => {
  it('never has the password of its database', async () => {
    const url = new Secret('postgres://hunt:s3cret@db.example:5433/alerts?sslmode=require');
    expect(await stateName({ url })).toBe('the database alerts at db.example:5433');
    expect(await stateName({ path: '/var/lib/state.db' })).toBe('the state file /var/lib/state.db');
  });
});
