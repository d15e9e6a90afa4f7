import type { FindingsSeen } from '../../../actions/pages/findings.ts';
import type { QuotaBar } from '../../../actions/pages/places.ts';
import type { TriedResult } from '../../../actions/pages/tried-result.ts';
import type { HuntwireError } from '../../../lib/errors.ts';
import { countOf } from '../../../lib/text.ts';
import type { TryPlaces } from '../console-deps.ts';
import { type Frame, keyField, type PageParts } from '../frame.ts';
import { editable, type Markup, markup } from '../markup.ts';
import { triedChart } from '../parts/charts/line-chart.ts';
import { table } from '../parts/table.ts';
import { findingsList, findingsSentence, numbered } from '../parts/text-with-findings.ts';
import { shownCell } from './alert.ts';
import { numberColumn, quotaTable } from './overview.ts';

export interface TryView {
  readonly kql: string;
  /** `local`, or the name of a tenant. */
  readonly on: string;
  readonly tenants: readonly string[];
  /** Of tenants that may be asked. */
  readonly quota: readonly QuotaBar[];
}

/** What came of a query. */
export type Tried =
  | { readonly kind: 'result'; readonly result: TriedResult }
  | { readonly kind: 'failed'; readonly error: HuntwireError };

/** What came of it, and what the checks say; null: nobody has asked for that. */
export interface TryShown {
  readonly tried: Tried | null;
  readonly findings: FindingsSeen | null;
}

export const NOTHING_TRIED: TryShown = { tried: null, findings: null };

/** A query over local data or a tenant, and what came of it. */
export function tryParts(tries: TryPlaces, view: TryView, { tried, findings }: TryShown, frame: Frame): PageParts {
  const places = [...(tries.local ? [['local', 'local data'] as const] : []), ...tenantsOf(tries, view)];
  const body =
    places.length === 0
      ? markup`<p class="none">There is nothing to ask: name data or allow tenants in <code>http.query</code> of the configuration.</p>`
      : formOf(places, view, frame);
  return {
    title: 'Try a query',
    body: markup`${body}${findings === null ? null : checkedPart(findings, view)}${tried === null ? null : shownTried(tried)}${quotaPart(view)}`,
    still: true,
  };
}

function tenantsOf({ tenant }: TryPlaces, { tenants }: TryView): readonly (readonly [string, string])[] {
  return tenant ? tenants.map((name) => [`tenant:${name}`, `tenant ${name}`] as const) : [];
}

function formOf(places: readonly (readonly [string, string])[], { kql, on }: TryView, frame: Frame): Markup {
  if (!frame.visit.scopes.includes('run'))
    return markup`<p class="none">To ask, sign in with a token that has the scope "run".</p>`;
  const options = places.map(
    ([value, name]) => markup`<option value="${value}"${value === on ? markup` selected` : null}>${name}</option>`,
  );
  return markup`<form method="post" action="${frame.base}/try">${keyField(frame.visit)}
<label for="kql">Query (KQL)</label><textarea id="kql" name="kql" rows="8" spellcheck="false" required>\n${editable(kql)}</textarea>
<p><label for="on">Over</label><select id="on" name="on">${options}</select> <button name="do" value="run">Run</button> <button name="do" value="check">Check only</button></p></form>
<p class="none">Checks come first. A query over a tenant is one call of its quota, in the lane of low severity, and is not sent where it does not parse. At most 500 of its rows come back.</p>`;
}

/** What a query over a tenant would be taken from. */
function quotaPart({ quota }: TryView): Markup | null {
  if (quota.length === 0) return null;
  return markup`<section aria-labelledby="quota-title"><h2 id="quota-title">What is used of the quota</h2>${quotaTable(quota)}</section>`;
}

/** The checks know tables of Defender and of the configuration, and look into no data. */
function checkedPart(seen: FindingsSeen, { kql }: TryView): Markup {
  const found = seen.kind === 'known' ? seen.findings : [];
  const marked =
    found.length === 0
      ? null
      : markup`${findingsList(found, '')}${numbered(kql.split(/\r\n|\r|\n/), 'The query with its findings', found)}`;
  return markup`<section id="checks" aria-labelledby="checks-title"><h2 id="checks-title">What the checks say</h2>${findingsSentence(seen)}${marked}</section>`;
}

function shownTried(tried: Tried): Markup {
  if (tried.kind === 'failed') return failedPart(tried.error);
  const { result } = tried;
  const { rows, columns, source, elapsedMs, truncated, trace, chart } = result;
  const shown = rows.slice(0, MOST_ROWS);
  const list = table({
    caption: 'Rows',
    columns: columns.map(({ name, type }) => (NUMBERS.includes(type) ? numberColumn(name) : name)),
    rows: shown.map((row) => columns.map(({ name }) => shownCell(row[name]))),
    none: 'It returns no rows.',
  });
  const cut = rows.length > shown.length ? `, of which ${shown.length} are shown` : '';
  return markup`<section aria-labelledby="result-title"><h2 id="result-title">Result</h2><p>${countOf(rows.length, 'row')} from ${source} in ${elapsedMs} ms${cut}${truncated ? '; there are more' : ''}.</p>
${chart ? triedChart(chart) : null}${list}</section>${trace ? tracePart(trace) : null}`;
}

const MOST_ROWS = 500;
const NUMBERS = ['int', 'long', 'real', 'decimal'];

function tracePart({ operators, notes }: NonNullable<TriedResult['trace']>): Markup {
  const list = table({
    caption: 'Rows by operator',
    columns: [numberColumn('Line'), numberColumn('Rows in'), numberColumn('Rows out'), 'Operator'],
    rows: operators.map(({ line, rowsIn, rowsOut, text }) => [
      ...[line, rowsIn],
      rowsIn > 0 && rowsOut === 0 ? markup`<span class="failed">0</span>` : rowsOut,
      text,
    ]),
    none: 'No operator ran.',
  });
  const told = notes.map((note) => markup`<li>${note}</li>`);
  return markup`<section aria-labelledby="trace-title"><h2 id="trace-title">What each operator let through</h2>${list}${told.length === 0 ? null : markup`<ul>${told}</ul>`}</section>`;
}

function failedPart({ code, message, problems }: HuntwireError): Markup {
  const places = problems.map(
    ({ line, column, message: text }) => markup`<li>${line === null ? '' : `${line}:${column ?? 1} `}${text}</li>`,
  );
  return markup`<section aria-labelledby="result-title"><h2 id="result-title">Result</h2><p class="failed" role="alert">${code}: ${message}</p>${places.length === 0 ? null : markup`<ul>${places}</ul>`}</section>`;
}
