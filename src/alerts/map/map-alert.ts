import type { Row } from '../../sources/source.ts';
import { type Alert, type HeldCounts, UNSEEN } from '../alert.ts';
import { groupAlertId, type IdScope, idInAlerts, mergedAlertId, rowAlertIds, runAlertId } from '../alert-id.ts';
import { isoOfMs } from '../event-time.ts';
import { suppressionOf } from '../held-counts.ts';
import type { Hit } from '../hit.ts';
import type { ToldHit } from '../told-hit.ts';
import type { AlertContext } from './alert-context.ts';
import { descriptionOf, ruleOf, titleOf, windowOf } from './alert-parts.ts';
import { type AlertWriter, createAlertWriter } from './alert-writer.ts';
import { attackPairs } from './attack.ts';
import { byColumns } from './by-columns.ts';
import type { NoteProblem } from './clean-row.ts';
import { createDetailsMapper, type DetailsMapper } from './details.ts';
import { createEntityMapper, type EntityMapper } from './entities.ts';
import { mapEvidence } from './evidence.ts';
import { fitAlert } from './fit-alert.ts';
import { createProblemList, type MappingProblem, type ProblemList } from './mapping-problems.ts';
import { type MergedHit, mergeHits } from './merged-hit.ts';
import { observablesOf } from './observables.ts';
import { compileTemplate, type Template } from './template.ts';
import { validateAlert } from './validate-alert.ts';

/** Makes the alert of a told hit: valid against the schema, at most 256 KB, revision 0. Never throws for what is in a row. */
export type AlertMapper = (told: ToldHit) => Alert;

type SharedParts = Pick<
  Alert,
  'time' | 'tenant' | 'rule' | 'title' | 'description' | 'attack' | 'window' | 'truncated' | 'runId' | 'source'
>;

function sharedParts(context: AlertContext): SharedParts {
  const { rule } = context;
  return {
    time: isoOfMs(context.time),
    tenant: context.tenant,
    rule: ruleOf(rule),
    title: titleOf(rule.name) || rule.id,
    description: descriptionOf(rule.description),
    attack: attackPairs(rule.attack),
    window: windowOf(context.window),
    truncated: context.truncated,
    runId: context.runId,
    source: context.source,
  };
}

interface Mapping {
  readonly context: AlertContext;
  /** What every alert of the run has in common, made once. */
  readonly shared: SharedParts;
  readonly scope: IdScope;
  readonly rowId: (rowKey: string) => string;
  readonly title: Template;
  readonly description: Template;
  readonly entities: EntityMapper;
  readonly details: DetailsMapper;
  /** Columns that the rule names and a row lacks. */
  readonly missing: (row: Row) => readonly MappingProblem[];
  /** Of alerts behind the first that was valid. */
  write: AlertWriter | null;
}

export function createAlertMapper(context: AlertContext): AlertMapper {
  const { rule } = context;
  const title = compileTemplate(rule.alert.title ?? rule.name);
  const description = compileTemplate(rule.alert.description ?? rule.description);
  const scope = { tenant: context.tenant, ruleId: idInAlerts(rule), logicalTime: context.logicalTime };
  const mapping: Mapping = {
    context,
    shared: sharedParts(context),
    scope,
    rowId: rowAlertIds(scope),
    title,
    description,
    entities: createEntityMapper(rule),
    details: createDetailsMapper(rule.alert.details),
    missing: byColumns((row) => missingIn(row, [...title.columnsIn(row), ...description.columnsIn(row)], rule)),
    write: null,
  };
  return (told) => mapTold(mapping, told);
}

/** A hit that cannot be mapped is not dropped: what could not be said of it stands in mappingErrors, beside the raw row. */
function mapTold(mapping: Mapping, told: ToldHit): Alert {
  const { rule, logicalTime, redactor } = mapping.context;
  const whole = mergeHits(told.hits, rule.severity, logicalTime);
  const merged = redactor ? { ...whole, rows: redactor.rows(whole.rows) } : whole;
  try {
    return checked(mapping, fullAlert(mapping, told, merged));
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const bare = fitAlert(withProblems(bareAlert(mapping, told, merged), [{ column: '*', message }]));
    validateAlert(bare);
    return bare;
  }
}

/** Within 256 KB, and valid. */
function checked(mapping: Mapping, full: Alert): Alert {
  if (mapping.write?.(full)) return full;
  const alert = fitAlert(full);
  validateAlert(alert);
  mapping.write ??= createAlertWriter(alert);
  return alert;
}

function fullAlert(mapping: Mapping, told: ToldHit, merged: MergedHit): Alert {
  const problems = createProblemList();
  const [row] = merged.rows;
  if (row) noteUnmapped(mapping, row, problems);
  else if (merged.rowCount > 0) problems.note('*', 'The rows were not kept: the run returned too much to hold.');
  const entities = mapping.entities(merged.rows);
  const words = row ? wordsOf(mapping, row) : mapping.shared;
  const said = {
    title: words.title,
    description: words.description,
    entities,
    observables: observablesOf(entities),
    details: row ? mapping.details(row) : {},
  };
  const alert = alertSaying(said, mapping, told, { merged, note: problems.note });
  return withProblems(alert, problems.list());
}

function wordsOf({ title, description, shared }: Mapping, row: Row): Pick<Alert, 'title' | 'description'> {
  return { title: titleOf(title.render(row)) || shared.title, description: descriptionOf(description.render(row)) };
}

/** What is known of a hit without looking into its cells. */
function bareAlert(mapping: Mapping, told: ToldHit, merged: MergedHit): Alert {
  const { title, description } = mapping.shared;
  const said = { title, description, entities: [], observables: [], details: {} };
  return alertSaying(said, mapping, told, { merged, note: () => undefined });
}

type Said = Pick<Alert, 'title' | 'description' | 'entities' | 'observables' | 'details'>;

interface Found {
  readonly merged: MergedHit;
  readonly note: NoteProblem;
}

/** All members are written once, in one go: copied from part to part, an alert took several times as long. */
function alertSaying(said: Said, mapping: Mapping, told: ToldHit, { merged, note }: Found): Alert {
  const { context, shared } = mapping;
  const evidence = mapEvidence(merged.rows, context.rule.alert.evidence, note);
  const { suppressedCount, suppressed } = suppressionOf(told.held);
  const alert: Alert = {
    schemaVersion: '1.1',
    id: idOf(mapping, told.hits[0]),
    revision: 0,
    kind: 'detection',
    status: 'firing',
    time: shared.time,
    tenant: shared.tenant,
    rule: shared.rule,
    title: said.title,
    description: said.description,
    severity: merged.severity,
    attack: shared.attack,
    window: shared.window,
    firstSeen: merged.firstSeen,
    lastSeen: merged.lastSeen,
    rowCount: merged.rowCount,
    truncated: shared.truncated,
    entities: said.entities,
    observables: said.observables,
    details: said.details,
    evidence: evidence.rows,
    dedupKey: context.redactor?.key(told.dedupKey) ?? told.dedupKey,
    suppressedCount,
    runId: shared.runId,
    source: shared.source,
    links: UNSEEN.links,
    acknowledged: UNSEEN.acknowledged,
  };
  const whole = suppressed ? withSuppressed(alert, suppressed) : alert;
  return evidence.truncated || merged.rowsCut ? { ...whole, evidenceTruncated: true } : whole;
}

/** In the order of the schema. */
function withSuppressed(alert: Alert, suppressed: HeldCounts): Alert {
  const { runId, source, links: _links, acknowledged: _acknowledged, ...before } = alert;
  return { ...before, suppressed, runId, source, ...UNSEEN };
}

function idOf({ context, scope, rowId }: Mapping, hit: Hit): string {
  const { redactor, rule } = context;
  const key = redactor?.key(hit.key) ?? hit.key;
  if (hit.per === 'run') return runAlertId(scope);
  const merges = hit.per === 'row' && rule.alert.dedupColumns !== null;
  const isEvent = hit.per === 'row' && rule.effectiveShape === 'stream';
  if (isEvent && !merges) return rowId(key);
  const dedupKey = redactor?.key(hit.dedupKey) ?? hit.dedupKey;
  return isEvent ? mergedAlertId(scope, dedupKey, key) : groupAlertId(scope, merges ? dedupKey : key);
}

function withProblems(alert: Alert, problems: readonly MappingProblem[]): Alert {
  return problems.length === 0 ? alert : { ...alert, mappingErrors: problems };
}

function noteUnmapped({ context, missing }: Mapping, row: Row, problems: ProblemList): void {
  const { severityColumn } = context.rule.alert;
  for (const { column, message } of missing(row)) problems.note(column, message);
  if (severityColumn !== null) problems.noteSeverity(row, severityColumn);
}

function missingIn(
  row: Row,
  inTemplates: readonly string[],
  { alert }: AlertContext['rule'],
): readonly MappingProblem[] {
  const problems = createProblemList();
  problems.noteMissing(row, inTemplates, 'a template');
  problems.noteMissing(row, Object.values(alert.details), 'details');
  for (const entity of alert.entities ?? []) problems.noteMissing(row, Object.values(entity.fields), 'entities');
  return problems.list();
}
