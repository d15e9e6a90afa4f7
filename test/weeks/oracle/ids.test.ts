import { describe, expect, it } from '@jest/globals';
import { FAMILIES, type Scenario } from '../scenario.ts';
import type { ToldHit } from './decisions.ts';
import { checkIds } from './ids.ts';

const family = FAMILIES.find((one) => one === 'stream');
const scenario = { rules: [{ mark: 'r1', family, dedup: null }], faults: [] } as unknown as Scenario;
const told = (over: Partial<ToldHit>): ToldHit => ({
  ...{ mark: 'r1', ruleId: 'rule-1', key: '10', rowKeys: ['10'], dedupKey: '10', alertId: 'a', logicalTime: 1, at: 1 },
  ...over,
});

describe('a hit of a stream that an older state has forgotten', () => {
  it('is told again under the id that it had', () => {
    const [finding] = checkIds([told({}), told({ alertId: 'b', at: 2 })], scenario);
    expect(finding?.kind).toBe('second-id');
  });

  it('has another where it is counted by other columns now', () => {
    expect(checkIds([told({}), told({ alertId: 'b', at: 2, dedupKey: 'anna' })], scenario)).toEqual([]);
  });
});
