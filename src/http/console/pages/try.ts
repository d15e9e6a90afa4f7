import type { QuotaBar } from '../../../actions/pages/places.ts';
import type { TriedResult } from '../../../actions/pages/tried-result.ts';
import type { HuntwireError } from '../../../lib/errors.ts';
import { countOf } from '../../../lib/text.ts';
import type { TryPlaces } from '../console-deps.ts';
import { type Frame, keyField, type PageParts } from '../frame.ts';
import { type Markup, markup } from '../markup.ts';
import { triedChart } from '../parts/line-chart.ts';
import { table } from '../parts/table.ts';
import { shownCell } from './alert.ts';
import { numberColumn, quotaTable } from './overview.ts';

export interface TryView {
  readonly kql: string;
  /** `local`, or the name of a tenant. */
  readonly on: string;
  readonly tenants: readonly string[];
}

/** What came of a query; null: nobody has asked yet. */
export type Tried =
  | { readonly kind: 'result'; readonly result: TriedResult; readonly quota: readonly QuotaBar[] }
  | { readonly kind: 'failed'; readonly error: HuntwireError };

/** A query over local data or a tenant, and what came of it. */
export function tryParts(tries: TryPlaces, view: TryView, tried: Tried | null, frame: Frame): PageParts {
  const places = [...(tries.local ? [['local', 'local data'] as const] : []), ...tenantsOf(tries, view)];
  const body =
    places.length === 0
      ? markup`<p class="none">There is nothing to ask: name data or allow tenants in <code>http.query</code> of the configuration.</p>`
      : formOf(places, view, frame);
  return { title: 'Try a query', body: markup`${body}${tried === null ? null : shownTried(tried)}`, still: true };
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
<label for="kql">Query (KQL)</label><textarea id="kql" name="kql" rows="8" spellcheck="false" required>\n${kql}</textarea>
<p><label for="on">Over</label><select id="on" name="on">${options}</select> <button>Run</button></p></form>
<p class="none">A query over a tenant is one call of its quota, in the lane of low severity. At most 500 of its rows come back.</p>`;
}

function shownTried(tried: Tried): Markup {
  if (tried.kind === 'failed') return failedPart(tried.error);
  const { result, quota } = tried;
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
${chart ? triedChart(chart) : null}${list}</section>${trace ? tracePart(trace) : null}${quota.length > 0 ? markup`<h2>What is left of the quota</h2>${quotaTable(quota)}` : null}`;
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
