import type { Commit } from '../../../src/state/store.ts';
import type { RuleSpec } from '../scenario.ts';
import type { AskedRecord, JournalRecord } from '../world/journal.ts';

/** A run that was committed, with what the service had answered it. */
export interface CommittedRun {
  readonly kind: 'run';
  readonly at: number;
  readonly life: number;
  readonly spec: RuleSpec;
  readonly commit: Commit;
  /** All requests of the run. */
  readonly asked: readonly AskedRecord[];
  /** The answers that count: not those that were cut short and asked again in halves. */
  readonly answers: readonly AskedRecord[];
}

export type Chapter =
  | CommittedRun
  | {
      readonly kind: 'start' | 'reload';
      readonly at: number;
      readonly life: number;
      readonly rules: readonly RuleSpec[];
    }
  /** Somebody has taken an alert on. */
  | { readonly kind: 'taken'; readonly at: number; readonly alertId: string }
  /** Nobody looks after these alerts any more: their end was told. */
  | { readonly kind: 'abandoned'; readonly at: number; readonly alertIds: readonly string[] }
  | { readonly kind: 'copied'; readonly at: number }
  | { readonly kind: 'put-back'; readonly at: number };

/** The week as runs, in the order of their commits; starts and copies of the state in between. */
export function chaptersOf(records: readonly JournalRecord[]): readonly Chapter[] {
  const chapters: Chapter[] = [];
  let sets: RuleSets = [];
  let open = new Map<string, AskedRecord[]>();
  for (const record of records) {
    if (record.kind === 'start') {
      const { rules, at, life } = record;
      sets = [{ since: at, rules }];
      open = new Map();
      chapters.push({ kind: 'start', at, life, rules });
    } else if (record.kind === 'reload') {
      const { rules, at, life, refused } = record;
      if (refused) continue;
      sets = [...sets, { since: at, rules }];
      chapters.push({ kind: 'reload', at, life, rules });
    } else if (record.kind === 'copied') chapters.push({ kind: 'copied', at: record.at });
    else if (record.kind === 'put-back') chapters.push({ kind: 'put-back', at: record.at });
    else if (record.kind === 'taken') chapters.push({ kind: 'taken', at: record.at, alertId: record.alertId });
    else if (record.kind === 'health') chapters.push(...abandonedBy(record));
    else if (record.kind === 'asked') open.set(record.ruleId, [...(open.get(record.ruleId) ?? []), record]);
    else if (record.kind === 'commit') {
      const { ruleId } = record.commit;
      const asked = open.get(ruleId) ?? [];
      open.delete(ruleId);
      const spec = specOf(sets, ruleId, asked[0]?.began ?? record.at);
      if (!spec) continue;
      chapters.push({
        kind: 'run',
        at: record.at,
        life: record.life,
        spec,
        commit: record.commit,
        asked,
        answers: answersOf(asked, record.commit.run.logicalTime),
      });
    }
  }
  return chapters;
}

function abandonedBy({ at, commit }: Extract<JournalRecord, { readonly kind: 'health' }>): readonly Chapter[] {
  const ended = commit.alerts.filter(({ kind, status }) => kind === 'detection' && status === 'resolved');
  return ended.length === 0 ? [] : [{ kind: 'abandoned', at, alertIds: ended.map(({ id }) => id) }];
}

type RuleSets = readonly { readonly since: number; readonly rules: readonly RuleSpec[] }[];

/** A run goes on as the rule was when it began, whatever is read again meanwhile. */
function specOf(sets: RuleSets, ruleId: string, began: number): RuleSpec | undefined {
  const { rules = [] } = sets.findLast(({ since }) => since <= began) ?? {};
  return rules.find((one) => one.id === ruleId);
}

/**
 * No run asks for what lies behind its L: a turn that did was given up behind its answer, because the clock had been ahead, and has no
 * commit. The rule's next run is another.
 */
export function answersOf(asked: readonly AskedRecord[], logicalTime: number): readonly AskedRecord[] {
  const own = asked.filter(({ window }) => window === null || window.to <= logicalTime);
  return own.filter((one, index) => {
    if (one.about !== 'rule' || one.outcome !== 'answered') return false;
    return !one.truncated || !own.slice(index + 1).some((later) => isWithin(later, one));
  });
}

function isWithin(inner: AskedRecord, outer: AskedRecord): boolean {
  if (!inner.window || !outer.window) return false;
  const { from, to } = inner.window;
  return outer.window.from <= from && to <= outer.window.to && to - from < outer.window.to - outer.window.from;
}
