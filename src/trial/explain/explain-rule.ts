import { keyFormOf } from '../../alerts/collect/row-key.ts';
import { quietMs } from '../../alerts/decide/quiet-time.ts';
import { resolveAfterOf } from '../../alerts/decide/resolve-after.ts';
import { renderQuery } from '../../kql/render.ts';
import type { Window } from '../../kql/window.ts';
import { formatDuration } from '../../lib/duration.ts';
import type { Path } from '../../lib/yaml/parse-yaml.ts';
import { scheduleSpacing } from '../../rules/cron/spacing.ts';
import type { OverlaidPart, Redaction, RunnableRule } from '../../rules/rule.ts';
import { runsPerDay, type Timetable, timetableOf } from '../../run/schedule.ts';
import { askedWindow, delayOf, readAgainMs, type WindowSettings } from '../../run/windows.ts';
import { labelledQuery } from '../../sources/hunting-request.ts';
import { silencesOf } from './explain-silences.ts';
import { explainTable, isoWindow } from './explain-tables.ts';
import type { ExplainedKey, ExplainedMapping, OverlaidValue, RuleExplanation } from './explanation.ts';

export interface ExplainInput {
  /** Epoch ms. */
  readonly now: number;
  /** What the state knows of that time; left out: nobody asked. */
  readonly history?: RuleExplanation['history'];
  /** What becomes of a row; left out: nobody asked. */
  readonly row?: RuleExplanation['row'];
  /** Names of the tenants that run the rule. */
  readonly tenants: readonly string[];
  /** Since when every row of a table has an ingestion time; left out: nobody knows of any. */
  readonly stampedSince?: (table: string) => number | null;
  /** Where the rule's alerts may go. */
  readonly targets: RuleExplanation['targets'];
  readonly settings: WindowSettings;
  /** What the configuration keeps from the alerts of all rules. */
  readonly redact?: Redaction | null;
  /** Those that hold now or later. */
  readonly silences: Parameters<typeof silencesOf>[2];
}

const NEXT_TIMES = 5;

/** Everything that a rule's next run will do, told from the functions that runs are made of. */
export function explainRule(rule: RunnableRule, input: ExplainInput): RuleExplanation {
  const { now, tenants, targets, settings } = input;
  const timetable = timetableOf(rule);
  const times = nextTimes(timetable, now);
  const logicalTime = (times[0] ?? now) - delayOf(rule, settings);
  const window = windowAt(rule, timetable, logicalTime, settings);
  const { text } = renderQuery(rule.prepared, {
    logicalTime,
    window,
    latenessMs: settings.latenessMs,
    params: rule.params,
    ...(input.stampedSince && { stampedSince: input.stampedSince }),
  });
  const { id, name, status, severity, hash, map, prepared } = rule;
  return {
    ...{ rule: id, name, file: map.file, status, severity, hash, schedule: scheduleOf(rule) },
    shape: rule.effectiveShape,
    because: becauseOf(rule),
    lookback: rule.effectiveShape === 'snapshot' ? null : formatDuration(rule.lookbackMs),
    together: togetherOf(rule),
    ...{ tenants, at: iso(now) },
    next: times.map(iso),
    window: isoWindow(window),
    lengths: lengthsOf(rule, window, settings),
    tables: prepared.tables.map((reference) => explainTable(reference, logicalTime, window)),
    query: labelledQuery(id, text),
    functions: map.functions ?? [],
    watchlists: map.watchlists ?? [],
    columns: prepared.columns,
    rowKey: keyOf(rule),
    mapping: { ...mappingOf(rule), redacted: redactedBy(rule, input.redact ?? null) },
    targets,
    overlays: overlaidValues(map.overlaid ?? []),
    cost: { callsPerDay: runsPerDay(rule.schedule, now) },
    silences: silencesOf(rule, tenants, input.silences),
    history: input.history ?? null,
    row: input.row ?? null,
  };
}

function lengthsOf(rule: RunnableRule, window: Window | null, settings: WindowSettings): RuleExplanation['lengths'] {
  if (window === null) return null;
  return {
    delay: formatDuration(delayOf(rule, settings)),
    readAgain: rule.effectiveShape === 'stream' ? formatDuration(readAgainMs(rule, settings)) : null,
    lateness: window.basis === 'ingestion' ? formatDuration(settings.latenessMs) : null,
  };
}

function nextTimes(timetable: Timetable, now: number): readonly number[] {
  const times: number[] = [];
  for (let time = timetable.next(now); time !== null && times.length < NEXT_TIMES; time = timetable.next(time)) {
    times.push(time);
  }
  return times;
}

/** What the run asks for whose L is given, when the one before it has covered its own. */
function windowAt(
  rule: RunnableRule,
  timetable: Timetable,
  logicalTime: number,
  settings: WindowSettings,
): Window | null {
  const delay = delayOf(rule, settings);
  const before = timetable.latest(logicalTime + delay - 1);
  const covered = before === null ? logicalTime - rule.lookbackMs : before - delay;
  const from = rule.effectiveShape === 'set' ? logicalTime - rule.lookbackMs : covered;
  return askedWindow(rule, { from, to: logicalTime }, settings);
}

function scheduleOf({ schedule }: RunnableRule): RuleExplanation['schedule'] {
  if (schedule.kind === 'every') return { every: formatDuration(schedule.everyMs) };
  const { cron, timezone, pauses } = schedule;
  return { cron, timezone, ...(pauses && { pauses }) };
}

function becauseOf({ effectiveShape, shape, prepared }: RunnableRule): string {
  const found = prepared.shapeReason;
  if (effectiveShape === 'snapshot') return 'The rule says "window: none", so that no table gets a window.';
  if (shape !== null && shape !== prepared.shape) {
    const reason = found === '' ? '' : ` (${found})`;
    return `The rule says so; the analysis says ${prepared.shape}${reason}.`;
  }
  return found === '' ? 'Each row of the result comes from one new row of a driving table.' : sentence(found);
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function keyOf({ effectiveShape, prepared, alert }: RunnableRule): ExplainedKey {
  const { identity } = prepared;
  const form = keyFormOf({ shape: effectiveShape, identity, dedupColumns: alert.dedupColumns });
  return {
    by: form.kind,
    columns: form.kind === 'row' ? [] : form.columns,
    fanOut: form.kind === 'event' ? form.fanOut : [],
    without: form.kind === 'row' ? (form.without ?? []) : [],
  };
}

function redactedBy({ redact }: RunnableRule, general: Redaction | null): ExplainedMapping['redacted'] {
  const own = redact ? [{ columns: redact.columns, how: redact.how, by: 'rule' as const }] : [];
  return general ? [...own, { columns: general.columns, how: general.how, by: 'configuration' }] : own;
}

function mappingOf(rule: RunnableRule): Omit<ExplainedMapping, 'redacted'> {
  const { per, title, description, severityColumn, entities, inferred = false, details, limit, evidence } = rule.alert;
  const { updates } = rule.alert;
  const resolveAfterMs = resolveAfterOf(rule);
  return {
    threshold: rule.threshold,
    per,
    title: title ?? rule.name,
    ...{ description, severityColumn, entities, inferred, details },
    dedup: rule.alert.dedupColumns,
    suppress: formatDuration(quietMs(rule, per)),
    resolveAfter: resolveAfterMs === null ? null : formatDuration(resolveAfterMs),
    updates: updates && resolveAfterMs !== null ? { every: formatDuration(updates.everyMs), when: updates.when } : null,
    ...{ limit, evidence, exceptions: rule.exceptions.length, redact: rule.redact ?? null },
  };
}

/** Of a value that was set several times the last one, of what was added all. */
function overlaidValues(parts: readonly OverlaidPart[]): readonly OverlaidValue[] {
  const last = parts.filter(
    ({ path, first }, index) =>
      first !== null || !parts.slice(index + 1).some((later) => later.path.join('.') === path.join('.')),
  );
  return last.map(({ path, document, at }) => {
    const place = { file: document.file, line: document.keyPlace(at).line };
    return { path: path.join('.'), ...place, value: valueAt(document.value, at) };
  });
}

/** Plain JSON: integers beyond 2^53 as text. */
function valueAt(value: unknown, path: Path): unknown {
  const found = path.reduce(
    (from, step) => (from as Readonly<Record<string | number, unknown>> | undefined)?.[step],
    value,
  );
  const text = JSON.stringify(found, (_, one: unknown) => (typeof one === 'bigint' ? one.toString() : one));
  return text === undefined ? null : JSON.parse(text);
}

/** The windows of two runs share what the lookback is longer than the longest time between them. */
function togetherOf({ effectiveShape, lookbackMs, schedule }: RunnableRule): string | null {
  if (effectiveShape !== 'set') return null;
  const longest = scheduleSpacing(schedule)?.longestMs ?? lookbackMs;
  return formatDuration(Math.max(0, lookbackMs - longest));
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
