import type { AlertPageOf } from '../../../actions/pages/alert-page.ts';
import { listCounts } from '../../../lib/text.ts';
import type { Frame, PageParts } from '../frame.ts';
import { type Hole, type Markup, markup } from '../markup.ts';
import { leftOut } from '../parts/charts/bars.ts';
import { inPieces, pathOf, ruleLink, severityBadge } from '../parts/shown-words.ts';
import { facts, section, table } from '../parts/table.ts';
import { instantText, spanText } from '../parts/time-text.ts';
import { headsTable } from './alerts.ts';
import { numberColumn } from './overview.ts';

type AlertDocument = AlertPageOf['alert'];
type Fate = AlertPageOf['deliveries'][number];

/** Everything about one alert. */
export function alertParts(page: AlertPageOf, at: string | null, frame: Frame): PageParts {
  const { alert, revisions, deliveries, says } = page;
  return {
    title: alert.title === '' ? alert.id : alert.title,
    body: markup`${section('stand', 'What it is', standPart(alert, frame))}
${section('deliveries', 'Deliveries', deliveriesTable(deliveries, frame))}
${section(
  'entities',
  'Entities',
  markup`${entitiesTable(alert)}${pairsTable(
    'Observables',
    alert.observables.map(({ type, value }) => [type, value]),
  )}`,
)}
${section(
  'details',
  'Details',
  pairsTable(
    'Details',
    Object.entries(alert.details).map(([name, value]) => [name, shownCell(value)]),
  ),
)}
${section('evidence', 'Evidence', evidenceTable(alert))}
${section('why', 'Why it was told', markup`${sentences(says)}${runPart(page)}`)}
${otherPart(page, at, frame)}
${section('messages', 'Messages', headsTable(revisions, frame, 'Messages of the alert, the newest first'))}
${payloadsPart(page, frame)}`,
  };
}

function standPart(alert: AlertDocument, frame: Frame): Markup {
  const { id, severity, status, rule, tenant, window, acknowledged, change, links } = alert;
  const taken = acknowledged
    ? `${acknowledged.by} at ${acknowledged.at}${acknowledged.disposition ? `, as ${acknowledged.disposition}` : ''}`
    : 'nobody';
  const ruleShown = alert.kind === 'health' ? rule.name : ruleLink(frame.base, tenant, rule.id);
  const ack = markup` <a href="${frame.base}/alerts${pathOf(id)}/acknowledge">Take it on</a>`;
  return markup`${alert.description === '' ? null : markup`<p>${alert.description}</p>`}${facts([
    ['Severity', severityBadge(severity)],
    ['Status', status],
    ['Rule', ruleShown],
    ['Tenant', tenant],
    ['Told at', instantText(alert.time)],
    ['First event', instantText(alert.firstSeen)],
    ['Last event', instantText(alert.lastSeen)],
    ['Window', window && markup`${instantText(window.from)} to ${instantText(window.to)} by ${window.basis} time`],
    ['Rows', `${alert.rowCount}${alert.truncated ? ', the answer was cut short' : ''}`],
    ['Held back since', alert.suppressed ? listCounts(alert.suppressed) : alert.suppressedCount],
    ['ATT&CK', alert.attack.map(({ technique, tactic }) => technique ?? tactic ?? '').join(', ')],
    ['Taken on by', markup`${taken}${frame.visit.scopes.includes('write') ? ack : null}`],
    ['What changed', change ? change.reason : null],
    ['Runbook', rule.runbook],
    ['Elsewhere', links?.alert ?? null],
    ['Id', id],
    ['Dedup key', alert.dedupKey],
  ])}${(alert.mappingErrors ?? []).map(({ column, message }) => markup`<p class="failed">${column}: ${message}</p>`)}`;
}

function deliveriesTable(deliveries: readonly Fate[], frame: Frame): Markup {
  return table({
    caption: 'Deliveries, the newest first',
    columns: ['Target', 'State', numberColumn('Message'), numberColumn('Attempts'), 'Committed', 'Took', 'Answer'],
    rows: deliveries.map((fate) => [
      fate.target,
      stateOf(fate, frame),
      fate.revision + 1,
      fate.attempts,
      instantText(fate.createdAt),
      fate.settledAt === null ? 'waits' : spanText(Math.max(0, fate.settledAt - fate.createdAt)),
      answerOf(fate),
    ]),
    none: 'It was sent to no target.',
  });
}

function stateOf({ state, id, insteadOf, escalatedAfterMs }: Fate, { base }: Frame): Markup {
  const why = insteadOf === null ? '' : `, instead of ${insteadOf}`;
  const escalated = escalatedAfterMs === null ? '' : `, escalated after ${spanText(escalatedAfterMs)}`;
  const word = state === 'dead' ? markup`<a href="${base}/letters/${id}">dead letter</a>` : markup`${state}`;
  return markup`${word}${why}${escalated}`;
}

/** What the receiver said, as far as it is kept. */
function answerOf({ status, reason, answer, receipt, state }: Fate): Markup {
  const parts = [
    ...(status === null || reason?.includes(String(status)) ? [] : [`HTTP ${status}`]),
    ...(reason === null ? [] : [reason]),
    ...(receipt === null ? [] : [`receipt ${receipt}`]),
  ];
  const words = parts.length === 0 && state === 'delivered' ? 'taken' : parts.join('; ');
  return markup`${words}${answer ? markup`<details><summary>The answer</summary><pre tabindex="0">${answer}</pre></details>` : null}`;
}

function entitiesTable({ entities }: AlertDocument): Markup {
  return table({
    caption: 'Entities',
    columns: ['Type', 'What is known'],
    rows: entities.map(({ type, ...fields }) => [
      type,
      Object.entries(fields)
        .map(([name, value]) => `${name}: ${shownCell(value)}`)
        .join('; '),
    ]),
    none: 'It names none.',
  });
}

function pairsTable(caption: string, rows: readonly (readonly [string, string])[]): Markup {
  return table({ caption, columns: ['Name', 'Value'], rows, none: `${caption}: none.` });
}

/** What is shown of one cell; the raw alert has all of it. */
const LONGEST_CELL = 2000;
const MOST_COLUMNS = 40;

function evidenceTable({ evidence, evidenceTruncated }: AlertDocument): Markup {
  const all = [...new Set(evidence.flatMap((row) => Object.keys(row)))];
  const columns = all.slice(0, MOST_COLUMNS);
  const list = table({
    caption: 'Rows',
    columns: columns.length === 0 ? ['Row'] : columns,
    rows: evidence.map((row) => columns.map((name) => shownCell(row[name] ?? null))),
    none: 'It carries no rows.',
  });
  return markup`${evidenceTruncated ? markup`<p>There were more rows than an alert carries.</p>` : null}${leftOut(all.length > MOST_COLUMNS ? `Of ${all.length} columns the first ${MOST_COLUMNS}; the alert as it is kept has all.` : null)}${list}`;
}

export function shownCell(value: unknown): string {
  const text = typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}… (${text.length} characters)` : text;
}

function runPart({ run, alert }: AlertPageOf): Markup {
  if (!run)
    return markup`<p class="none">${alert.kind === 'health' ? 'No run found it.' : 'The run that found it is not kept any more.'}</p>`;
  return facts([
    ['Run', run.runId],
    ['Asked as of', instantText(run.logicalTime)],
    ['Outcome', run.outcome],
    ['Lane', run.lane],
    ['Rows by what became of them', listCounts(run.rowReasons)],
    ['Hits by what became of them', listCounts(run.reasons)],
    ['Calls', run.calls],
  ]);
}

function sentences(says: readonly string[]): Markup | null {
  return says.length === 0 ? null : markup`<ul>${says.map((sentence) => markup`<li>${sentence}</li>`)}</ul>`;
}

/** Rows that made no alert are counted by what became of them: known, excepted, silenced, below the threshold and more. */
function otherPart({ alert, other }: AlertPageOf, at: string | null, { base }: Frame): Markup | null {
  if (alert.kind === 'health') return null;
  const none = markup`<p class="none">This process has no such rule any more.</p>`;
  const said = other && (sentences(other.says) ?? none);
  return markup`<section id="other" aria-labelledby="other-title"><h2 id="other-title">Why was another row not told?</h2>
<form class="filter" method="get" action="${base}/alerts${pathOf(alert.id)}#other"><div><label for="at">A row of what happened at (ISO time, or how long ago)</label><input id="at" name="at" value="${at ?? alert.lastSeen}"></div><button>Tell</button></form>${said}<p><a href="${base}/rules${pathOf(alert.tenant, alert.rule.id)}#why">Ask about a row that you have</a></p></section>`;
}

/** As it is, and as each target gets it. */
function payloadsPart({ alert, targets }: AlertPageOf, { base }: Frame): Markup {
  const links = targets.map(
    (name): Hole => markup`<li><a href="${base}/alerts${pathOf(alert.id)}/as${pathOf(name)}">${name}</a></li>`,
  );
  return markup`<section aria-labelledby="raw-title"><h2 id="raw-title">Payloads</h2><p>As each target gets it:</p><ul class="links">${links}</ul><details><summary>As it is kept</summary><pre tabindex="0">${inPieces(
    JSON.stringify(alert, null, 2),
  )}</pre></details></section>`;
}
