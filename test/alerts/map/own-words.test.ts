import { describe, expect, it } from '@jest/globals';
import { HEALTH_CODES, type HealthCode } from '../../../src/alerts/alert.ts';
import type { Hit } from '../../../src/alerts/hit.ts';
import { descriptionOf, titleOf } from '../../../src/alerts/map/alert-parts.ts';
import { makeHealthAlert, subjectKindOf } from '../../../src/alerts/map/health-alert.ts';
import { mergeHits } from '../../../src/alerts/map/merged-hit.ts';
import { NOON } from '../samples.ts';

describe('titles and descriptions', () => {
  it.each([
    ['a\u0000\u0001b\nc', 'a b c', 'a  b\nc'],
    ['  a\tb  ', 'a b', 'a\tb'],
    ['\u0007', '', ''],
  ])('of %j keep no control characters', (text, title, description) => {
    expect([titleOf(text), descriptionOf(text)]).toEqual([title, description]);
  });
});

describe('a health alert', () => {
  const input = {
    tenant: 't',
    subject: 's',
    since: NOON,
    time: NOON + 1000,
    revision: 3,
    status: 'firing' as const,
    message: 'm',
  };

  it('has a severity and a subject by its code', () => {
    const traits = (code: HealthCode) => `${subjectKindOf(code)} ${makeHealthAlert({ ...input, code }).severity}`;
    const expected: Partial<Record<HealthCode, string>> = {
      'rule-failing': 'rule medium',
      'rule-blocked': 'rule high',
      gap: 'rule high',
      truncated: 'rule medium',
      'target-blocked': 'target high',
      'dead-letter': 'target high',
      'clock-skew': 'tenant medium',
      'clock-unknown': 'tenant high',
      'coverage-void': 'rule medium',
      'rule-lagging': 'rule medium',
      'tenant-lagging': 'tenant high',
      'login-refused': 'tenant high',
      'exception-column': 'rule medium',
      'silence-ended': 'tenant low',
      'maintenance-ended': 'tenant low',
      heartbeat: 'tenant informational',
      expiry: 'tenant high',
      'api-retires': 'tenant medium',
    };
    const known = HEALTH_CODES.filter((code) => Object.hasOwn(expected, code));
    expect(Object.fromEntries(known.map((code) => [code, traits(code)]))).toEqual(expected);
  });

  it('says when, of whom and of what run it speaks', () => {
    expect(makeHealthAlert({ ...input, code: 'gap' })).toMatchObject({
      revision: 3,
      time: '2026-01-01T12:00:01Z',
      firstSeen: '2026-01-01T12:00:00Z',
      lastSeen: '2026-01-01T12:00:01Z',
      rule: { id: 'health', name: 'Huntwire health', version: '1.0.0', hash: '' },
      rowCount: 0,
      truncated: false,
      runId: '',
      source: 'huntwire',
      window: null,
    });
    const window = { from: NOON, to: NOON + 1000, basis: 'event' as const };
    const full = makeHealthAlert({ ...input, code: 'gap', runId: 'r', source: 'xdr', truncated: true, window });
    expect(full).toMatchObject({ runId: 'r', source: 'xdr', truncated: true, window: { basis: 'event' } });
  });

  it('never ends before it began', () => {
    const { lastSeen } = makeHealthAlert({ ...input, code: 'gap', time: NOON - 5000 });
    expect(lastSeen).toBe('2026-01-01T12:00:00Z');
  });
});

describe('several hits of one alert', () => {
  const hit = (over: Partial<Hit>): Hit => ({
    per: 'row',
    key: 'k',
    dedupKey: 'd',
    rowKeys: [],
    rows: [{ a: 1 }],
    rowCount: 1,
    rowsCut: false,
    severity: 'low',
    firstSeen: null,
    lastSeen: null,
    ...over,
  });

  it('have the highest severity, the first and the last event, and all rows', () => {
    const hits = [
      hit({ firstSeen: '2026-01-01T11:00:01Z', lastSeen: '2026-01-01T11:00:01Z' }),
      hit({ firstSeen: null, lastSeen: null, severity: 'high', rowsCut: true, rowCount: 4 }),
      hit({ firstSeen: '2026-01-01T11:00:00.5Z', lastSeen: '2026-01-01T11:00:01.5Z', rows: [{ a: 2 }, { a: 3 }] }),
      hit({ firstSeen: '2026-01-01T11:00:01Z', lastSeen: '2026-01-01T11:00:01Z' }),
    ];
    expect(mergeHits(hits, 'critical', NOON)).toEqual({
      rows: [{ a: 1 }, { a: 1 }, { a: 2 }, { a: 3 }, { a: 1 }],
      rowCount: 7,
      rowsCut: true,
      severity: 'high',
      firstSeen: '2026-01-01T11:00:00.5Z',
      lastSeen: '2026-01-01T11:00:01.5Z',
    });
  });

  it('have the time of the run where none tells a time, and the given severity where there is none', () => {
    expect(mergeHits([hit({})], 'high', NOON)).toMatchObject({
      severity: 'low',
      rowsCut: false,
      firstSeen: '2026-01-01T12:00:00Z',
      lastSeen: '2026-01-01T12:00:00Z',
    });
    expect(mergeHits([], 'high', NOON)).toMatchObject({ severity: 'high', rows: [], rowCount: 0 });
  });
});
