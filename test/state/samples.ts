import { type Alert, messageId } from '../../src/alerts/alert.ts';
import type { Message, RetryLater, TargetState } from '../../src/state/outbox-store.ts';
import type { RunRecord } from '../../src/state/run-record.ts';
import type { Commit, RuleState, Store } from '../../src/state/store.ts';

export const START = Date.parse('2026-01-01T12:00:00Z');

const INSTANT = '2026-01-01T12:00:00.0000000Z';

/** An alert document as runs make them; only what a test is about needs to be given. */
export function sampleAlert(id: string, over: Partial<Alert> = {}): Alert {
  return {
    schemaVersion: '1.0',
    id,
    revision: 0,
    kind: 'detection',
    status: 'firing',
    time: INSTANT,
    tenant: 'contoso',
    rule: {
      id: 'rule-a',
      name: 'Rule A',
      version: '1.0.0',
      hash: 'h',
      references: [],
      runbook: null,
      falsePositives: [],
      tags: [],
    },
    title: `Alert ${id}`,
    description: '',
    severity: 'high',
    attack: [],
    window: null,
    firstSeen: INSTANT,
    lastSeen: INSTANT,
    rowCount: 1,
    truncated: false,
    entities: [],
    observables: [],
    details: {},
    evidence: [],
    dedupKey: id,
    suppressedCount: 0,
    runId: 'run-1',
    source: 'graph',
    ...over,
  };
}

export function sampleMessage(alert: Alert, target: string, orderKey = alert.dedupKey): Message {
  return { messageId: messageId(alert), alertId: alert.id, revision: alert.revision, target, orderKey };
}

export function sampleRun(runId: string, over: Partial<RunRecord> = {}): RunRecord {
  return {
    runId,
    tenant: 'contoso',
    ruleId: 'rule-a',
    api: 'graph',
    window: { from: START - 900_000, to: START, basis: 'ingestion' },
    lane: 'due',
    logicalTime: START,
    startedAt: START,
    endedAt: START + 1000,
    outcome: 'ok',
    error: null,
    calls: 1,
    rows: 2,
    hits: 2,
    toldHits: 1,
    alerts: 1,
    suppressed: { duplicate: 1, quiet: 0, silenced: 0, excepted: 0, maintenance: 0, overflow: 0 },
    reasons: { new: 1, known: 1 },
    rowReasons: { new: 1, known: 1 },
    truncated: false,
    ...over,
  };
}

/** The windows of a key that no window told or held back. */
export const NEVER_TOLD = { toldTo: null, toldBefore: [], heldTo: null, heldNewest: null, heldBefore: [] } as const;

export const SAMPLE_STATE: Omit<RuleState, 'lastRun'> = {
  frontier: START,
  ledger: [],
  sliceMs: null,
  standing: 'ok',
  failingSince: null,
  failures: 0,
  lastError: null,
  ruleTrait: null,
  changedAt: null,
};

export function sampleCommit(store: Pick<Store, 'fence'>, over: Partial<Commit> = {}): Commit {
  return {
    fence: store.fence,
    tenant: 'contoso',
    ruleId: 'rule-a',
    rule: SAMPLE_STATE,
    keys: [],
    forgetBefore: null,
    alerts: [],
    messages: [],
    quiet: [],
    health: [],
    firing: [],
    run: sampleRun('run-1'),
    ...over,
  };
}

export function sampleRetry(id: number, over: Partial<RetryLater> = {}): RetryLater {
  return { id, nextAttemptAt: START, triedAt: START, agedMs: 0, reason: 'HTTP 503', at: START, ...over };
}

/** A target that nothing is known of. */
export function freshTarget(target: string): TargetState {
  const times = { blockedSince: null, nextProbeAt: null, probedAt: null, pausedUntil: null };
  return { target, ...times, reason: null, probes: 0, probedMs: 0, downSince: null };
}

/** Commits one alert for each id, each with a message to every target. */
export async function commitAlerts(
  store: Store,
  ids: readonly string[],
  targets: readonly string[],
  orderKey?: string,
): Promise<void> {
  const alerts = ids.map((id) => sampleAlert(id));
  const messages = alerts.flatMap((alert) => targets.map((target) => sampleMessage(alert, target, orderKey)));
  await store.commit(sampleCommit(store, { alerts, messages }));
}
