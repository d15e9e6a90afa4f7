import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../src/alerts/alert.ts';
import type { Message } from '../../../src/state/outbox-store.ts';
import type { JournalRecord } from '../world/journal.ts';
import type { Week } from '../world/play.ts';
import { checkDeliveries } from './deliveries.ts';
import { checkDetours } from './detours.ts';

const START = Date.parse('2026-03-02T00:00:00Z');
const HOUR = 3_600_000;

/** Committed at an hour of the week for `mail`, in a digest of four hours or, as a rule's end is, without a word of digests. */
function committed(hour: number, revision: number, how: Partial<Message>): JournalRecord {
  const messageId = revision === 0 ? 'a1' : `a1-${revision}`;
  const status = revision === 0 ? 'firing' : 'resolved';
  const alerts = [{ id: 'a1', kind: 'detection', status, revision, evidence: [] }];
  const messages = [{ target: 'mail', alertId: 'a1', messageId, revision, ...how }];
  return { kind: 'commit', at: START + hour * HOUR, life: 1, commit: { alerts, messages } } as never;
}

function digest(hour: number, status: Alert['status']): JournalRecord {
  const alert = { id: `d${hour}`, status: 'firing', evidence: [{ AlertId: 'a1', Status: status }] };
  const [at, messageId] = [START + hour * HOUR, `d${hour}`];
  return { kind: 'attempt', target: 'mail', messageId, alert, result: 'delivered', began: at, at, life: 1 } as never;
}

function findingsOf(...records: readonly JournalRecord[]) {
  const detours = { escalateAfter: null, digestEvery: 4 * 3600, fallbackAfter: null };
  const scenario = { start: new Date(START).toISOString(), detours, targets: [], faults: [] };
  const final = { deadLetters: [], pending: [] };
  const week = { scenario, records, final, endedAt: START + 48 * HOUR } as unknown as Week;
  return [...checkDeliveries(week), ...checkDetours(week)];
}

const together = { digestMs: 4 * HOUR };

describe('what goes on with an alert that a digest has', () => {
  it('stands in a digest, whoever tells it', () => {
    expect(findingsOf(committed(1, 0, together), committed(2, 1, {}), digest(5, 'resolved'))).toEqual([]);
  });

  it('is missing where digests say what was before only', () => {
    const records = [committed(1, 0, together), committed(2, 1, {}), digest(5, 'firing'), digest(9, 'firing')];
    expect(findingsOf(...records)).toMatchObject([
      { kind: 'undelivered', subject: 'mail', message: expect.stringMatching(/^a1-1 of/) },
    ]);
  });

  it('comes by itself where no digest ever had it', () => {
    expect(findingsOf(committed(2, 1, {}), digest(5, 'resolved'))).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ kind: 'undelivered', subject: 'mail' })]),
    );
  });
});
