import { describe, expect, it } from '@jest/globals';
import { HEALTH_CODES, messageId } from '../../src/alerts/alert.ts';
import { makeHealthAlert } from '../../src/alerts/map/health-alert.ts';
import { makeOverflowAlert } from '../../src/alerts/map/overflow-alert.ts';
import { validateAlert } from '../../src/alerts/map/validate-alert.ts';
import { collect, decideOn, eventRow, HOUR, makeContext, makeRule, NOON } from './samples.ts';

describe('makeOverflowAlert', () => {
  const rule = makeRule({ alert: { limit: 3, dedupColumns: ['DeviceName', 'ReportId'] } });
  const rows = Array.from({ length: 10 }, () => eventRow());
  const overflowOf = (truncated: boolean) => {
    const { overflow } = decideOn(rule, collect(rule, rows), { truncated });
    if (!overflow) throw new Error('nothing overflowed');
    return makeOverflowAlert(makeContext(rule, { truncated }), overflow);
  };

  it('tells the true counts and that the rest is recorded by key', () => {
    const alert = overflowOf(false);
    validateAlert(alert);
    expect(alert).toMatchObject({
      title: 'Sample rule: 8 more hits than told singly',
      rowCount: 8,
      overflow: { hits: 8, atLeast: false },
      evidence: [],
    });
    expect(alert.overflow?.byKey).toHaveLength(8);
    expect(alert.description).toContain('recorded by key');
    expect(alert.description).not.toContain('backfill');
  });

  it('says "at least" of a truncated answer', () => {
    expect(overflowOf(true)).toMatchObject({
      title: expect.stringContaining('at least 8'),
      overflow: { atLeast: true },
    });
  });

  it('has its own id, the same whenever the window is run', () => {
    expect(overflowOf(false).id).toBe(overflowOf(true).id);
  });
});

describe('makeHealthAlert', () => {
  const input = {
    tenant: 'contoso',
    subject: 'soar',
    since: NOON,
    time: NOON + HOUR,
    message: 'The target answers 401.\nCheck its token.',
    status: 'firing' as const,
    revision: 0,
  };

  it.each(HEALTH_CODES)('makes a valid alert of %s', (code) => {
    const alert = makeHealthAlert({ ...input, code });
    validateAlert(alert);
    expect(alert).toMatchObject({
      kind: 'health',
      health: { code, subject: 'soar' },
      firstSeen: '2026-01-01T12:00:00Z',
    });
    expect(alert.title).toContain('soar');
  });

  it('resolves under the same id and dedup key with another message id', () => {
    const firing = makeHealthAlert({ ...input, code: 'target-blocked' });
    const resolved = makeHealthAlert({ ...input, code: 'target-blocked', status: 'resolved', revision: 1 });
    expect([resolved.id, resolved.dedupKey]).toEqual([firing.id, firing.dedupKey]);
    expect(messageId(resolved)).not.toBe(messageId(firing));
    expect(resolved).toMatchObject({ status: 'resolved', title: 'Resolved: Target takes no alerts: soar' });
  });

  it('gives each occurrence its own id', () => {
    const one = makeHealthAlert({ ...input, code: 'gap' });
    const later = makeHealthAlert({ ...input, code: 'gap', since: NOON + 1 });
    expect(later.id).not.toBe(one.id);
  });

  it('carries the rule it is about', () => {
    const alert = makeHealthAlert({ ...input, code: 'rule-failing', rule: makeRule() });
    validateAlert(alert);
    expect(alert.rule).toMatchObject({ id: 'sample', name: 'Sample rule' });
  });
});
