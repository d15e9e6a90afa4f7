import type { HuntwireError } from '../../../lib/errors.ts';
import type { ExplainedRow } from '../../../trial/explain/row/explained-row.ts';
import type { Frame, PageParts } from '../frame.ts';
import { editable, type Markup, markup } from '../markup.ts';
import { writeForm } from '../parts/form.ts';
import { pathOf } from '../parts/shown-words.ts';
import { section, table } from '../parts/table.ts';
import { instantText } from '../parts/time-text.ts';
import { numberColumn } from './overview.ts';

export interface RowOfRule {
  readonly tenant: string;
  readonly id: string;
  /** As it was pasted. */
  readonly text: string;
}

export type RowTold =
  | { readonly kind: 'told'; readonly row: ExplainedRow }
  | { readonly kind: 'failed'; readonly error: HuntwireError };

/** Where a row is pasted; it is sent, and kept nowhere. */
export function rowForm({ tenant, id, text }: RowOfRule, frame: Frame): Markup {
  if (!frame.visit.scopes.includes('run'))
    return markup`<p class="none">To ask about one row, sign in with a token that has the scope "run".</p>`;
  const body = markup`<label for="row">One row: a JSON object of columns, or a header of CSV with one line below it</label><textarea id="row" name="row" rows="6" spellcheck="false">\n${editable(text)}</textarea>`;
  return writeForm(frame.visit, {
    action: `${frame.base}/rules${pathOf(tenant, id)}/row`,
    button: 'What becomes of it?',
    body,
  });
}

/** What becomes of a row, step by step. */
export function rowParts(asked: RowOfRule, told: RowTold, frame: Frame): PageParts {
  const { tenant, id } = asked;
  const outcome = told.kind === 'told' ? toldPart(told.row) : markup`<p class="failed">${told.error.message}</p>`;
  const back = markup`<p><a href="${frame.base}/rules${pathOf(tenant, id)}">Back to the rule</a></p>`;
  const body = markup`${section('row-told', 'What becomes of it', outcome)}${back}${section('row-asked', 'The row', rowForm(asked, frame))}`;
  return { title: `A row of ${id}`, body, still: true };
}

function toldPart({ time, logicalTime, says, steps, alert }: ExplainedRow): Markup {
  const traced = table({
    caption: 'How many rows each operator let through',
    columns: [numberColumn('Line'), numberColumn('Rows in'), numberColumn('Rows out'), 'Operator'],
    rows: steps.map(({ line, rowsIn, rowsOut, text }) => [line ?? '–', rowsIn, rowsOut, text]),
    none: 'It was taken for a row of the result: the query was not run.',
  });
  const entities = table({
    caption: 'Entities of its alert',
    columns: ['Type', 'What it names'],
    rows: (alert?.entities ?? []).map(({ type, name }) => [type, name]),
    none: 'None.',
  });
  return markup`<p>It happened at ${instantText(time)}, and was looked at as of ${instantText(logicalTime)}, alone and over no tenant.</p>
<ol>${says.map((sentence) => markup`<li>${sentence}</li>`)}</ol>${alert === null ? null : entities}${traced}`;
}
