import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../src/alerts/alert.ts';
import type { Fault } from '../scenario.ts';
import type { JournalRecord } from '../world/journal.ts';
import type { Week } from '../world/play.ts';
import { checkDetours } from './detours.ts';

const START = Date.parse('2026-03-02T00:00:00Z');
const HOUR = 3_600_000;
const down = { kind: 'target', target: 'soar', failure: 'blocked', from: 3600, to: 36_000, retryAfter: null } as Fault;

/** Committed for `soar`, which takes nothing between the first hour and the tenth, at an hour of the week. */
function committed(hour: number, status: Alert['status'], revision: number): JournalRecord {
  const alert = { id: 'a1', kind: 'health', status, revision };
  const messages = [{ target: 'soar', alertId: 'a1', messageId: revision === 0 ? 'a1' : `a1-${revision}` }];
  return { kind: 'health', at: START + hour * HOUR, life: 1, commit: { alerts: [alert], messages } } as never;
}

function weekOf(...records: readonly JournalRecord[]): Week {
  const at = START + HOUR + 60_000;
  const alert = { id: 'other', status: 'firing' };
  const refused = {
    kind: 'attempt',
    target: 'soar',
    messageId: 'other',
    alert,
    result: 'blocked',
    began: at,
    at,
    life: 1,
  };
  const detours = { escalateAfter: null, digestEvery: null, fallbackAfter: 900 };
  const scenario = { start: new Date(START).toISOString(), detours, targets: [{ name: 'soar' }], faults: [down] };
  return { scenario, records: [...records, refused], endedAt: START + 48 * HOUR } as unknown as Week;
}

describe('what waits for a target that is down', () => {
  it('goes to the one that stands in', () => {
    expect(checkDetours(weekOf(committed(4, 'firing', 0)))).toMatchObject([
      { kind: 'undelivered', subject: 'standby' },
    ]);
  });

  it('does not where it is the end of an alert that this one was never told of', () => {
    expect(checkDetours(weekOf(committed(0, 'firing', 0), committed(4, 'resolved', 1)))).toEqual([]);
  });
});
