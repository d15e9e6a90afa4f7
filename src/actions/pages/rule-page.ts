import { fillTemplate } from '../../kql/query-template.ts';
import { HOUR_MS } from '../../lib/duration.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { CoverageSpan } from '../../run/coverage/coverage-spans.ts';
import { labelledQuery } from '../../sources/hunting-request.ts';
import type { AlertHead, RunRow } from '../../state/page-store.ts';
import type { RunRecord } from '../../state/run-record.ts';
import { explainHistory } from '../../trial/explain/explain-history.ts';
import type { DaySum, DaySums } from './day-sums-of-rules.ts';
import type { FindingsSeen } from './findings.ts';
import type { PageDeps } from './page-deps.ts';
import type { RuleSight, RuleSights } from './rule-sights.ts';
import { coverageIn, errorOf, nextRunOf } from './rules-page.ts';

/** What a person wants to see of a rule. */
export interface RuleAsked {
  readonly tenant: string;
  readonly id: string;
  /** The time that is shown ends here, epoch ms; null: now. */
  readonly to: number | null;
  readonly spanMs: number;
  /** Runs whose row is lower; null: the newest. */
  readonly before: number | null;
  /** What was there, or was not, at this instant is explained; null: nothing is. */
  readonly at: number | null;
}

export interface RulePage {
  readonly sight: RuleSight;
  readonly rule: RunnableRule;
  readonly error: string | null;
  readonly nextRunAt: number | null;
  readonly week: readonly DaySum[];
  /** Whether the sums of days are whole. */
  readonly complete: boolean;
  /** The beginning of its file, or why it cannot be read. */
  readonly text: RuleText;
  /** As the last run sent it; null: none has, or it is not known any more. */
  readonly query: string | null;
  readonly from: number;
  readonly to: number;
  readonly coverage: readonly CoverageSpan[];
  /** Runs that asked for the time that is shown, newest first, and whether there are more. */
  readonly drawn: readonly RunRecord[];
  readonly hasMoreDrawn: boolean;
  readonly runs: readonly RunRow[];
  /** For the next page of runs; null: there is none. */
  readonly older: number | null;
  readonly alerts: readonly AlertHead[];
  readonly exceptions: readonly ExceptionShown[];
  /** Why there was an alert, or none, in sentences. */
  readonly says: readonly string[];
}

export interface RuleText {
  readonly file: string;
  readonly lines: readonly string[];
  readonly problem: string | null;
  readonly findings: FindingsSeen;
}

export interface ExceptionShown {
  readonly where: string;
  readonly reason: string;
  readonly owner: string;
  /** Epoch ms. */
  readonly expires: number;
  /** Rows that it took out in the latest runs, in how many of these it took out some, and the end of the last of them. */
  readonly hidden: number;
  readonly runs: number;
  readonly lastAt: number | null;
}

const RUNS_A_PAGE = 25;
const MOST_DRAWN = 500;
/** So many of the newest runs say what exceptions took out. */
const MOST_COUNTED = 500;
const MOST_ALERTS = 20;
export const SPANS_MS = [HOUR_MS / 4, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS, 30 * 24 * HOUR_MS] as const;

/** null: no tenant has such a rule. */
export async function rulePage(
  deps: PageDeps,
  { sights, sums }: { readonly sights: RuleSights; readonly sums: DaySums },
  asked: RuleAsked,
): Promise<RulePage | null> {
  const { tenant, id, spanMs } = asked;
  const sight = await sights.one(tenant, id);
  if (!sight) return null;
  const { store, clock } = deps;
  const { rule, state } = sight;
  const to = asked.to ?? clock.now();
  const range = { from: to - spanMs, to };
  const newest = await store.runsOfRule(tenant, id, { before: null, limit: MOST_COUNTED });
  const over = await store.runsOver(tenant, id, { ...range, limit: MOST_DRAWN + 1 });
  const listed = await store.runsOfRule(tenant, id, { before: asked.before, limit: RUNS_A_PAGE + 1 });
  const runs = listed.slice(0, RUNS_A_PAGE);
  return {
    ...{ sight, rule, ...range, runs },
    drawn: over.slice(0, MOST_DRAWN).map(({ run }) => run),
    hasMoreDrawn: over.length > MOST_DRAWN,
    error: errorOf(sight),
    nextRunAt: nextRunOf(sight, deps),
    complete: sums.isComplete(),
    week: sums.of(tenant, id),
    text: await textOf(rule, deps),
    query: await sentQuery(state?.lastRun ?? null, deps),
    coverage: await coverageIn(sight, range, store),
    older: listed.length > RUNS_A_PAGE ? (runs.at(-1)?.row ?? null) : null,
    alerts: await store.headsOfRule(tenant, id, MOST_ALERTS),
    exceptions: exceptionsOf(rule, newest),
    says: asked.at === null ? [] : await saysOf(deps, rule, tenant, asked.at),
  };
}

async function textOf({ map: { file } }: RunnableRule, { fileText, findings }: PageDeps): Promise<RuleText> {
  try {
    const text = await fileText(file);
    return { file, lines: text.split(/\r?\n/), problem: null, findings: findings(file, text) };
  } catch (thrown) {
    const problem = `The file cannot be read: ${toHuntwireError(thrown).message}`;
    return { file, lines: [], problem, findings: { kind: 'failed', why: problem } };
  }
}

async function sentQuery(run: RunRecord | null, { store }: PageDeps): Promise<string | null> {
  const kept = run && (await store.runById(run.runId));
  if (!kept || kept.template === null) return null;
  const { logicalTime, window, ruleId } = kept.run;
  const times = { logicalTime, from: window?.from ?? null, to: window?.to ?? null };
  return labelledQuery(ruleId, fillTemplate(kept.template, times));
}

function exceptionsOf({ exceptions }: RunnableRule, runs: readonly RunRow[]): readonly ExceptionShown[] {
  const counts = runs.flatMap(({ run }) => (run.exceptions ?? []).map((count) => ({ ...count, at: run.endedAt })));
  return exceptions.map(({ where, reason, owner, expires }) => {
    const own = counts.filter((count) => count.reason === reason && count.owner === owner && count.rows > 0);
    const texts = Object.entries(where).map(([column, values]) => `${column}: ${values.join(', ')}`);
    const hidden = own.reduce((sum, { rows }) => sum + rows, 0);
    const lastAt = own.reduce((latest: number | null, { at }) => Math.max(latest ?? at, at), null);
    return { where: texts.join('; '), reason, owner, expires, hidden, runs: own.length, lastAt };
  });
}

/** As `explain --at` says it. */
export async function saysOf(
  { store, settings, clock }: PageDeps,
  rule: RunnableRule,
  tenant: string,
  at: number,
): Promise<readonly string[]> {
  return (await explainHistory(rule, { tenant, at, now: clock.now(), settings }, store)).says;
}
