import type { AuditEntry, ChangedBy } from '../state/audit-store.ts';

/** That somebody had rules run now; all of them where none is named. */
export function runAskedEntry(ids: readonly string[], asked: ChangedBy): AuditEntry {
  const subject = ids.length === 0 ? 'all rules' : ids.join(', ');
  return { ...asked, action: 'run_rule', subject, before: null, after: null };
}
