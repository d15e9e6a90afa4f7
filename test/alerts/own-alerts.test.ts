import { describe, expect, it } from '@jest/globals';
import { HEALTH_CODES, type HealthCode, messageId } from '../../src/alerts/alert.ts';
import { healthAlertId, overflowAlertId } from '../../src/alerts/alert-id.ts';
import { hashText } from '../../src/alerts/hash-text.ts';
import { makeHealthAlert, subjectKindOf } from '../../src/alerts/map/health-alert.ts';
import { makeOverflowAlert } from '../../src/alerts/map/overflow-alert.ts';
import { validateAlert } from '../../src/alerts/map/validate-alert.ts';
import { collect, decideOn, EVENT_COLUMNS, eventRow, HOUR, makeContext, makeRule, NOON } from './samples.ts';

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
    expect(alert.description).toMatch(/huntwire backfill \S+ --from \S+Z --to \S+Z --no-limit$/);
  });

  it.each([
    { limit: 1, told: 'its limit of 1 alert: 0 were told singly' },
    { limit: 2, told: 'its limit of 2 alerts: 1 was told singly' },
    { limit: 3, told: 'its limit of 3 alerts: 2 were told singly' },
  ])('explains itself: $told', ({ limit, told }) => {
    const few = makeRule({ alert: { limit } });
    const { overflow } = decideOn(few, collect(few, rows));
    if (!overflow) throw new Error('nothing overflowed');
    const { description } = makeOverflowAlert(makeContext(few), overflow);
    expect(description).toContain(told);
    expect(description).not.toContain('truncated');
    expect(overflowOf(true).description).toContain('at least 8, are in no alert of their own');
    expect(overflowOf(true).description).toContain('The answer was truncated');
  });

  it('has nothing of its own but the counts', () => {
    const severe = makeRule({ alert: { limit: 1, severityColumn: 'Risk' } });
    const columns = [...EVENT_COLUMNS, { name: 'Risk', type: 'string' as const }];
    const given = [
      eventRow({ Risk: 'low', Timestamp: '2026-01-01T11:20:00Z' }),
      eventRow({ Risk: 'high', Timestamp: '2026-01-01T11:10:00Z' }),
      eventRow({ Risk: 'low', Timestamp: '2026-01-01T11:30:00Z' }),
    ];
    const { overflow } = decideOn(severe, collect(severe, given, columns));
    if (!overflow) throw new Error('nothing overflowed');
    const { id, rule: about, title, description, attack, ...rest } = makeOverflowAlert(makeContext(severe), overflow);
    expect([id, about.id, title, description.length > 0, attack]).toEqual([
      overflowAlertId({ tenant: 'contoso', ruleId: 'sample', logicalTime: NOON }),
      'sample',
      'Sample rule: 3 more hits than told singly',
      true,
      [{ tactic: null, technique: 'T1059.001' }],
    ]);
    expect(rest).toEqual({
      schemaVersion: '1.1',
      links: {},
      acknowledged: null,
      revision: 0,
      kind: 'detection',
      status: 'firing',
      time: '2026-01-01T12:00:01Z',
      tenant: 'contoso',
      severity: 'high',
      window: { from: '2026-01-01T11:00:00Z', to: '2026-01-01T12:00:00Z', basis: 'ingestion' },
      firstSeen: '2026-01-01T11:10:00Z',
      lastSeen: '2026-01-01T11:30:00Z',
      rowCount: 3,
      truncated: false,
      entities: [],
      observables: [],
      details: {},
      evidence: [],
      dedupKey: hashText('overflow'),
      suppressedCount: 0,
      runId: 'run-1',
      source: 'graph',
      overflow: { hits: 3, atLeast: false, byKey: overflow.byKey },
    });
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

  it.each<[HealthCode, string, string, string]>([
    ['rule-failing', 'rule', 'medium', 'Rule fails: soar'],
    ['rule-blocked', 'rule', 'high', 'Rule cannot run: soar'],
    ['gap', 'rule', 'high', 'Time range was not searched: soar'],
    ['truncated', 'rule', 'medium', 'Answer was truncated: soar'],
    ['target-blocked', 'target', 'high', 'Target takes no alerts: soar'],
    ['dead-letter', 'target', 'high', 'Alert could not be delivered: soar'],
    ['clock-skew', 'tenant', 'medium', 'Clock is wrong: soar'],
    ['clock-unknown', 'tenant', 'high', 'Nothing runs: the time is not known: soar'],
    ['coverage-void', 'rule', 'medium', 'Coverage was made by a wrong clock: soar'],
    ['rule-lagging', 'rule', 'medium', 'Rule lags: soar'],
    ['tenant-lagging', 'tenant', 'high', 'Many rules lag: soar'],
    ['login-refused', 'tenant', 'high', 'Login is refused: soar'],
    ['tenant-blocked', 'tenant', 'high', 'Tenant is misconfigured: soar'],
    ['exception-column', 'rule', 'medium', 'Exception matches nothing: soar'],
    ['silence-ended', 'tenant', 'low', 'Silence has ended: soar'],
    ['maintenance-ended', 'tenant', 'low', 'Maintenance has ended: soar'],
    ['heartbeat', 'tenant', 'informational', 'Heartbeat: soar'],
    ['expiry', 'tenant', 'high', 'Certificate or secret expires: soar'],
    ['api-retires', 'tenant', 'medium', 'API is to end: soar'],
    ['late-arrivals', 'tenant', 'low', 'Rows arrive too late: soar'],
    ['quota-shared', 'tenant', 'medium', 'Others use the quota: soar'],
    ['takeovers', 'tenant', 'medium', 'Processes take over from each other: soar'],
  ])('of %s is about a %s, %s: %s', (code, about, severity, title) => {
    expect(subjectKindOf(code)).toBe(about);
    expect(makeHealthAlert({ ...input, code })).toMatchObject({ severity, title });
  });

  it('says what it is given and nothing else', () => {
    expect(makeHealthAlert({ ...input, code: 'target-blocked' })).toEqual({
      schemaVersion: '1.1',
      links: {},
      acknowledged: null,
      id: healthAlertId('contoso', 'target-blocked', 'soar', NOON),
      revision: 0,
      kind: 'health',
      status: 'firing',
      time: '2026-01-01T13:00:00Z',
      tenant: 'contoso',
      rule: {
        id: 'health',
        name: 'Huntwire health',
        version: '1.0.0',
        hash: '',
        references: [],
        runbook: null,
        falsePositives: [],
        tags: [],
      },
      title: 'Target takes no alerts: soar',
      description: 'The target answers 401.\nCheck its token.',
      severity: 'high',
      attack: [],
      window: null,
      firstSeen: '2026-01-01T12:00:00Z',
      lastSeen: '2026-01-01T13:00:00Z',
      rowCount: 0,
      truncated: false,
      entities: [],
      observables: [],
      details: {},
      evidence: [],
      dedupKey: hashText('["health","contoso","target-blocked","soar"]'),
      suppressedCount: 0,
      runId: '',
      source: 'huntwire',
      health: { code: 'target-blocked', subject: 'soar' },
    });
    const window = { from: NOON - HOUR, to: NOON, basis: 'event' as const };
    const about = { runId: 'run-1', source: 'graph', window, truncated: true, time: NOON - HOUR };
    expect(makeHealthAlert({ ...input, ...about, code: 'gap' })).toMatchObject({
      runId: 'run-1',
      source: 'graph',
      window: { from: '2026-01-01T11:00:00Z', to: '2026-01-01T12:00:00Z', basis: 'event' },
      truncated: true,
      lastSeen: '2026-01-01T12:00:00Z',
    });
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
