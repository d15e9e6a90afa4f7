import type { Outcome } from '../../../alerts/decide/decision.ts';
import { countOf } from '../../../lib/text.ts';
import type { RunnableRule } from '../../../rules/rule.ts';
import type { RunReport } from '../../../run/run-rule.ts';
import type { Difference } from '../../match-alerts.ts';
import type { ExplainedRowAlert, ExplainedStep } from './explained-row.ts';
import type { PlacedRow } from './place-row.ts';

export interface RowFound {
  readonly rule: RunnableRule;
  readonly placed: PlacedRow;
  /** null: the rule would ask nothing. */
  readonly report: RunReport | null;
  readonly steps: readonly ExplainedStep[];
  readonly alert: ExplainedRowAlert | null;
}

/** What happens to a row, in order: the query, exceptions, the threshold, what was told before, the alert. */
export function rowInWords(found: RowFound): readonly string[] {
  const { rule, report } = found;
  if (!report) return [...placeInWords(found), 'No run of the rule looks at this time.'];
  const { run } = report;
  if (run.error) return [...placeInWords(found), `The query cannot be run over it here: ${run.error.message}`];
  if (run.rows === 0) return [...placeInWords(found), droppedInWords(found)];
  return [
    ...placeInWords(found),
    ...(found.placed.table === null ? [] : [`The query keeps it: ${countOf(run.rows, 'row')} of the result.`]),
    ...exceptedInWords(rule, report),
    ...thresholdInWords(rule, report),
    ...(report.decision?.outcomes ?? []).map((outcome) => outcomeInWords(rule, outcome)),
    ...alertInWords(found.alert, run.alerts > 0),
  ];
}

/** Cells that nobody can read. */
export function brokenInWords(broken: readonly Difference[]): readonly string[] {
  return broken.map(
    ({ path, expected, actual }) => `${path} is not ${String(expected)}: ${String(actual)}. Nothing was run.`,
  );
}

function placeInWords({ rule, placed: { table, leftOut } }: RowFound): readonly string[] {
  const what =
    table === null ? "It is taken for a row of the query's result." : `It is taken for an event of ${table}.`;
  const others = [...new Set(rule.prepared.tables.map((one) => one.table))].filter((one) => one !== table);
  return [
    what,
    ...(leftOut.length === 0 ? [] : [`No column there: ${leftOut.join(', ')}.`]),
    ...(table === null || others.length === 0
      ? []
      : [`It is looked at alone: ${others.join(', ')} have no rows here.`]),
    ...(rule.status === 'enabled' ? [] : [STATUSES[rule.status]]),
  ];
}

const STATUSES = {
  disabled: 'The rule is switched off: this is what it would do.',
  testing: 'The rule is in testing: what it finds is counted and told to nobody.',
} as const;

function droppedInWords({ steps }: RowFound): string {
  const step = steps.find(({ rowsIn, rowsOut }) => rowsIn > 0 && rowsOut === 0);
  if (!step) return 'The query does not return it, and no operator of it says where it went.';
  if (step.line === null) return `The window of the run does not have it: ${step.text}`;
  return `The query drops it, on line ${step.line} of the file: ${step.text}`;
}

function exceptedInWords({ exceptions }: RunnableRule, { run }: RunReport): readonly string[] {
  return (run.exceptions ?? []).map(({ reason, owner, rows }) => {
    const ends = exceptions.find((one) => one.reason === reason && one.owner === owner)?.expires;
    const until = ends === undefined ? '' : ` until ${iso(ends)}`;
    return `An exception of ${owner} (${reason}) takes ${countOf(rows, 'row')} out${until}.`;
  });
}

function thresholdInWords({ threshold }: RunnableRule, { run, decision }: RunReport): readonly string[] {
  const { measure, column, operator, value, groupBy } = threshold;
  const what = `${measure}${column === null ? '' : ` of ${column}`} ${operator} ${value}`;
  const others = groupBy.length === 0 ? '' : ` by ${groupBy.join(', ')}`;
  if (!run.rowReasons.threshold)
    return (decision?.outcomes ?? []).length > 0 ? [`It passes the threshold, ${what}.`] : [];
  return [`Alone it does not pass the threshold, ${what}${others}: with others of its run it may.`];
}

function outcomeInWords({ alert }: RunnableRule, { because, hider, hit }: Outcome): string {
  if (hider) {
    const kind = because === 'maintenance' ? 'Maintenance' : 'The silence';
    return `${kind} ${hider.id} hides it until ${iso(hider.until)}.`;
  }
  const key = alert.dedupColumns === null ? '' : ` (${hit.dedupKey})`;
  return `${OUTCOMES[because]}${because === 'quiet' ? key : ''}`;
}

const OUTCOMES: Readonly<Record<Outcome['because'], string>> = {
  new: 'Nothing like it was told before: it is told.',
  known: 'It was told before, or held back: the state knows its key. It is not told again.',
  overlap: 'It was told in a window that overlaps this one. It is not told again.',
  held: 'It was held back in a window that overlaps this one, and nothing has happened since.',
  changed: 'The rule told it as it was before it was changed.',
  quiet: 'An alert of its dedup key was told a short time before, and the rule is quiet for the time of `suppress`.',
  limit: 'It is over the limit of alerts of a run, and stands in the overflow alert.',
  silenced: 'A silence hides it.',
  maintenance: 'Maintenance hides it.',
  testing: STATUSES.testing,
};

function alertInWords(alert: ExplainedRowAlert | null, isNew: boolean): readonly string[] {
  if (alert === null) return [];
  const { id, severity, title, dedupKey, entities, isTold } = alert;
  const named = entities.map(({ type, name }) => `${type} ${name}`).join('; ');
  return [
    `${isNew ? 'Its alert' : 'Its alert, were it told'}: ${severity}, “${title}”, dedup key ${dedupKey}.`,
    `Entities: ${named === '' ? 'none' : named}.`,
    ...(isTold ? [`The state has this alert: ${id}.`] : []),
  ];
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
