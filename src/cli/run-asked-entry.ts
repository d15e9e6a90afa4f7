import { HOUR_MS } from '../lib/duration.ts';
import type { AuditEntry, AuditStore, ChangedBy } from '../state/audit-store.ts';

const ACTION = 'run_rule';
const ALL = 'all rules';

/** That somebody had rules run now; all of them where none is named. */
export function runAskedEntry(ids: readonly string[], asked: ChangedBy): AuditEntry {
  const subject = ids.length === 0 ? ALL : ids.join(', ');
  return { ...asked, action: ACTION, subject, before: null, after: null };
}

/**
 * Notes it for a process that ends by itself. One that runs all rules may be a schedule's: of one user the first in an hour is noted, or a call
 * a minute would drive out everything else. Their runs are all in the journal.
 */
export async function noteRunsAsked(store: AuditStore, ids: readonly string[], asked: ChangedBy): Promise<void> {
  if (ids.length > 0 || !(await isNoted(store, asked))) await store.noteAudit(runAskedEntry(ids, asked));
}

/** A clock that was set back may have left entries of a later time. */
async function isNoted(store: AuditStore, { who, at }: ChangedBy): Promise<boolean> {
  const latest = await store.audit({ who, action: ACTION, since: at - HOUR_MS, limit: 100 });
  return latest.some((entry) => entry.subject === ALL && entry.at > at - HOUR_MS && entry.at <= at);
}
