import type { Happening } from '../state/journal-store.ts';

/** What happened as one line of JSON for those who collect it. */
export function journalLine(happening: Happening): string {
  return `${JSON.stringify(journalWords(happening))}\n`;
}

/** UTC ISO times, no rows, ids of alerts only. */
export function journalWords(happening: Happening): Readonly<Record<string, unknown>> {
  const { place, at, kind } = happening;
  return { kind, place, at: iso(at), ...wordsOf(happening) };
}

function wordsOf(happening: Happening): Readonly<Record<string, unknown>> {
  if (happening.kind === 'run') return runWords(happening.run);
  if (happening.kind === 'delivery') {
    const { outcome, target, messageId, alertId, reason, status } = happening;
    return { outcome, target, messageId, alertId, reason, status };
  }
  if (happening.kind === 'audit') {
    const { who, action, subject, before, after } = happening;
    return { who, action, subject, before, after };
  }
  const { alertId, revision, alertKind, status, severity, tenant, ruleId: rule, runId } = happening;
  return { alertId, revision, alertKind, status, severity, tenant, rule, runId };
}

function runWords(run: Extract<Happening, { readonly kind: 'run' }>['run']): Readonly<Record<string, unknown>> {
  const { ruleId: rule, window, logicalTime, startedAt, endedAt, query = null, slices = [], ...rest } = run;
  return {
    rule,
    ...rest,
    window: window && { from: iso(window.from), to: iso(window.to), basis: window.basis },
    logicalTime: iso(logicalTime),
    startedAt: iso(startedAt),
    endedAt: iso(endedAt),
    queryHash: query,
    slices: slices.map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
