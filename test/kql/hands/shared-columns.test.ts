import { describe, expect, it } from '@jest/globals';
import { withSharedParts } from '../../../src/kql/hands/shared-columns.ts';
import { prepareQuery } from '../../../src/kql/prepare-query.ts';
import type { PreparedQuery, PrepareOptions } from '../../../src/kql/prepared.ts';

const OPTIONS: PrepareOptions = {
  ...{ basis: 'ingestion', tables: {}, shape: null, keepFilters: 'never', lookbackMs: null, params: {} },
};

async function kept(text: string): Promise<{ readonly anew: PreparedQuery; readonly shared: PreparedQuery }> {
  const anew = await prepareQuery(text, OPTIONS);
  return { anew, shared: withSharedParts(JSON.parse(JSON.stringify(anew)) as PreparedQuery, text) };
}

describe('prepared queries of many rules', () => {
  it('say the same, and hold columns together', async () => {
    const [one, two] = [await kept('DeviceEvents | project DeviceId, Timestamp'), await kept('DeviceEvents')];
    for (const { anew, shared } of [one, two]) expect(shared).toEqual(anew);
    const [id] = one.shared.columns ?? [];
    expect(id).toBeDefined();
    expect(two.shared.columns?.some((column) => column === id)).toBe(true);
  });

  it('stay without columns where none are known', async () => {
    const { anew, shared } = await kept('DeviceEvents | evaluate pivot(ActionType)');
    expect(shared).toEqual(anew);
    expect(shared.columns).toBeNull();
  });
});
