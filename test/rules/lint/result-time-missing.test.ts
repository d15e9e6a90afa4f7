import { describe, expect, it } from '@jest/globals';
import type { PreparedQuery } from '../../../src/kql/prepared.ts';
import { resultTimeMissing } from '../../../src/rules/lint/result-time-missing.ts';
import { DEFAULT_RETENTION_MS } from '../../../src/rules/shape.ts';
import { preparedOf } from '../prepared-of.ts';
import { ruleOf } from '../rule-text.ts';

const COUNTS = [
  { name: 'DeviceId', type: 'string' },
  { name: 'Count', type: 'long' },
] as const;
const TIMED = [...COUNTS, { name: 'Timestamp', type: 'datetime' }] as const;
const EXCEPTIONS = { exceptions: '[{where: {DeviceId: b}, reason: because, owner: team, expires: 2026-06-01}]' };

function severitiesOf(more: Readonly<Record<string, string>>, prepared: Partial<PreparedQuery>) {
  const context = { prepared: preparedOf(prepared), now: 0, retentionMs: DEFAULT_RETENTION_MS };
  return resultTimeMissing.check(ruleOf(more), context).map((remark) => remark.severity);
}

describe('result-time-missing', () => {
  it('asks for max(Timestamp) where a set tells no time, and warns where something holds hits back', () => {
    expect(severitiesOf({}, { shape: 'set', columns: COUNTS })).toEqual(['info']);
    expect(severitiesOf(EXCEPTIONS, { shape: 'set', columns: COUNTS })).toEqual(['warning']);
    expect(severitiesOf({ alert: '{suppress: 4h}' }, { shape: 'set', columns: COUNTS })).toEqual(['warning']);
    expect(severitiesOf({ alert: '{suppress: 0s}' }, { shape: 'set', columns: COUNTS })).toEqual(['info']);
  });

  it('takes times of looked-up rows for none', () => {
    const times = (otherTimes: readonly string[]): Partial<PreparedQuery> => ({
      shape: 'set',
      columns: [...TIMED, { name: 'Timestamp1', type: 'datetime' }],
      identity: { kind: 'columns', columns: ['DeviceId'], otherTimes },
    });
    expect(severitiesOf(EXCEPTIONS, times(['Timestamp']))).toEqual([]);
    expect(severitiesOf(EXCEPTIONS, times(['Timestamp', 'Timestamp1']))).toEqual(['warning']);
  });

  it('has nothing to say where the result has a time, is not known, or is no set', () => {
    expect(severitiesOf(EXCEPTIONS, { shape: 'set', columns: TIMED })).toEqual([]);
    expect(severitiesOf({}, { shape: 'set', columns: [{ name: 'TimeGenerated', type: 'datetime' }] })).toEqual([]);
    expect(severitiesOf(EXCEPTIONS, { shape: 'set', columns: null })).toEqual([]);
    expect(severitiesOf(EXCEPTIONS, { shape: 'stream', columns: COUNTS })).toEqual([]);
    expect(severitiesOf(EXCEPTIONS, { shape: 'snapshot', columns: COUNTS })).toEqual([]);
  });
});
