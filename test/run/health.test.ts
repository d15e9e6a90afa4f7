import { describe, expect, it } from '@jest/globals';
import { type Condition, type HealthInput, healthOf } from '../../src/run/health.ts';
import { makeRule } from './make-rule.ts';
import { HOUR, T0 } from './story.ts';

const CONDITION: Condition = { code: 'gap', subject: 'rule', firing: true, message: 'lost', again: false };

function healthWith(condition: Partial<Condition>, over: Partial<HealthInput> = {}) {
  const conditions = [{ ...CONDITION, ...condition }];
  const input = {
    tenant: 'contoso',
    rule: makeRule(),
    runId: 'run-1',
    source: 'graph',
    time: T0,
    open: [],
    conditions,
  };
  return healthOf({ ...input, ...over });
}

const record = (over: object = {}) => {
  const found = healthWith({}).changes[0]?.record;
  if (!found) throw new Error('no record');
  return { ...found, ...over };
};

describe('a condition', () => {
  it('is told when it begins, and kept', () => {
    const { alerts, changes } = healthWith({});
    expect(alerts).toMatchObject([
      {
        kind: 'health',
        status: 'firing',
        revision: 0,
        tenant: 'contoso',
        description: 'lost',
        runId: 'run-1',
        source: 'graph',
        rule: { id: 'rule' },
        health: { code: 'gap', subject: 'rule' },
        firstSeen: new Date(T0).toISOString().replace('.000', ''),
      },
    ]);
    expect(changes).toEqual([
      {
        tenant: 'contoso',
        code: 'gap',
        subject: 'rule',
        record: { tenant: 'contoso', code: 'gap', subject: 'rule', since: T0, alertId: alerts[0]?.id, revision: 0 },
      },
    ]);
  });

  it('that holds already says nothing, but where it is news', () => {
    expect(healthWith({}, { open: [record()] })).toEqual({ alerts: [], changes: [] });
    const { alerts, changes } = healthWith({ again: true }, { open: [record()], time: T0 + HOUR });
    expect(alerts).toMatchObject([{ id: record().alertId, status: 'firing', revision: 1 }]);
    expect(changes).toEqual([{ tenant: 'contoso', code: 'gap', subject: 'rule', record: record({ revision: 1 }) }]);
  });

  it('is resolved a revision later under its own beginning, and forgotten', () => {
    const { alerts, changes } = healthWith({ firing: false }, { open: [record({ revision: 3 })], time: T0 + HOUR });
    expect(alerts).toMatchObject([{ id: record().alertId, status: 'resolved', revision: 4 }]);
    expect(changes).toEqual([{ tenant: 'contoso', code: 'gap', subject: 'rule', record: null }]);
  });

  it('that never held is not resolved, nor by that of another tenant, code or subject', () => {
    const others = [record({ tenant: 'other' }), record({ code: 'truncated' }), record({ subject: 'other' })];
    expect(healthWith({ firing: false }, { open: others })).toEqual({ alerts: [], changes: [] });
    expect(healthWith({}, { open: others }).alerts).toMatchObject([{ revision: 0 }]);
  });
});
