import type { Row } from '../../sources/source.ts';
import { type Alert, UNSEEN } from '../alert.ts';
import { groupAlertId, idInAlerts, mergedAlertId, rowAlertId, runAlertId } from '../alert-id.ts';
import { isoOfMs } from '../event-time.ts';
import { suppressionOf } from '../held-counts.ts';
import type { Hit } from '../hit.ts';
import type { ToldHit } from '../told-hit.ts';
import type { AlertContext } from './alert-context.ts';
import { descriptionOf, ruleOf, titleOf, windowOf } from './alert-parts.ts';
import { attackPairs } from './attack.ts';
import { byColumns } from './by-columns.ts';
import { detailsOf } from './details.ts';
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
  readonly title: Template;
  readonly description: Template;
  readonly entities: EntityMapper;
  /** Columns that the rule names and a row lacks. */
  readonly missing: (row: Row) => readonly MappingProblem[];
}

export function createAlertMapper(context: AlertContext): AlertMapper {
  const { rule } = context;
  const title = compileTemplate(rule.alert.title ?? rule.name);
  const description = compileTemplate(rule.alert.description ?? rule.description);
  const mapping: Mapping = {
    context,
    shared: sharedParts(context),
    title,
    description,
    entities: createEntityMapper(rule),
    missing: byColumns((row) => missingIn(row, [...title.columnsIn(row), ...description.columnsIn(row)], rule)),
  };
  return (told) => mapTold(mapping, told);
}

/** A hit that cannot be mapped is not dropped: what could not be said of it stands in mappingErrors, beside the raw row. */
function mapTold(mapping: Mapping, told: ToldHit): Alert {
  const { rule, logicalTime, redactor } = mapping.context;
  const whole = mergeHits(told.hits, rule.severity, logicalTime);
  const merged = redactor ? { ...whole, rows: redactor.rows(whole.rows) } : whole;
  try {
    const alert = fitAlert(fullAlert(mapping, told, merged));
    validateAlert(alert);
    return alert;
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const bare = fitAlert(withProblems(bareAlert(mapping, told, merged), [{ column: '*', message }]));
    validateAlert(bare);
    return bare;
  }
}

function fullAlert(mapping: Mapping, told: ToldHit, merged: MergedHit): Alert {
  const { rule } = mapping.context;
  const problems = createProblemList();
  const [row] = merged.rows;
  if (row) noteUnmapped(mapping, row, problems);
  else if (merged.rowCount > 0) problems.note('*', 'The rows were not kept: the run returned too much to hold.');
  const bare = bareAlert(mapping, told, merged, problems);
  const entities = mapping.entities(merged.rows);
  const alert: Alert = {
    ...bare,
    ...(row && wordsOf(mapping, row, bare)),
    entities,
    observables: observablesOf(entities),
    details: row ? detailsOf(rule.alert.details, row) : {},
  };
  return withProblems(alert, problems.list());
}

function wordsOf(mapping: Mapping, row: Row, bare: Alert): Pick<Alert, 'title' | 'description'> {
  return {
    title: titleOf(mapping.title.render(row)) || bare.title,
    description: descriptionOf(mapping.description.render(row)),
  };
}

/** What is known of a hit without looking into its cells. */
function bareAlert(
  mapping: Mapping,
  told: ToldHit,
  merged: MergedHit,
  problems: ProblemList = createProblemList(),
): Alert {
  const { context, shared } = mapping;
  const evidence = mapEvidence(merged.rows, context.rule.alert.evidence, problems.note);
  return {
    schemaVersion: '1.1',
    id: idOf(context, told.hits[0]),
    revision: 0,
    kind: 'detection',
    status: 'firing',
    time: shared.time,
    tenant: shared.tenant,
    rule: shared.rule,
    title: shared.title,
    description: shared.description,
    severity: merged.severity,
    attack: shared.attack,
    window: shared.window,
    firstSeen: merged.firstSeen,
    lastSeen: merged.lastSeen,
    rowCount: merged.rowCount,
    truncated: shared.truncated,
    entities: [],
    observables: [],
    details: {},
    evidence: evidence.rows,
    dedupKey: context.redactor?.key(told.dedupKey) ?? told.dedupKey,
    ...suppressionOf(told.held),
    runId: shared.runId,
    source: shared.source,
    ...UNSEEN,
    ...((evidence.truncated || merged.rowsCut) && { evidenceTruncated: true }),
  };
}

function idOf(context: AlertContext, { per, ...keys }: Hit): string {
  const { redactor } = context;
  const key = redactor?.key(keys.key) ?? keys.key;
  const dedupKey = redactor?.key(keys.dedupKey) ?? keys.dedupKey;
  const scope = { tenant: context.tenant, ruleId: idInAlerts(context.rule), logicalTime: context.logicalTime };
  if (per === 'run') return runAlertId(scope);
  const merges = per === 'row' && context.rule.alert.dedupColumns !== null;
  if (per === 'row' && context.rule.effectiveShape === 'stream')
    return merges ? mergedAlertId(scope, dedupKey, key) : rowAlertId(scope, key);
  return groupAlertId(scope, merges ? dedupKey : key);
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
