import type { RunRecord } from '../../state/run-record.ts';
import type { Commit } from '../../state/store.ts';
import { NOTHING_SUPPRESSED } from '../commit.ts';
import type { Tenant } from '../tenant.ts';

/** The record of a run that asked nothing, at `time` (epoch ms). */
export function emptyRun(
  { name, source }: Pick<Tenant, 'name' | 'source'>,
  about: Pick<RunRecord, 'runId' | 'ruleId' | 'outcome' | 'error'>,
  time: number,
): RunRecord {
  return {
    ...about,
    tenant: name,
    api: source.api,
    window: null,
    lane: 'due',
    logicalTime: time,
    startedAt: time,
    endedAt: time,
    calls: 0,
    rows: 0,
    hits: 0,
    toldHits: 0,
    alerts: 0,
    suppressed: NOTHING_SUPPRESSED,
    reasons: {},
    rowReasons: {},
    truncated: false,
  };
}

/** What a run that asked nothing leaves behind: the rule's state, and no more. */
export function emptyCommit(fence: Commit['fence'], rule: Commit['rule'], run: RunRecord): Commit {
  const { tenant, ruleId } = run;
  const nothing = { keys: [], forgetBefore: null, alerts: [], messages: [], quiet: [], health: [], firing: [] };
  return { fence, tenant, ruleId, rule, ...nothing, run };
}
