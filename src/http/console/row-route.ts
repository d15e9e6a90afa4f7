import type { Context } from 'hono';
import { toHuntwireError } from '../../lib/errors.ts';
import { isForLog } from '../http-status.ts';
import type { PageParts } from './frame.ts';
import type { FormSent } from './page-route.ts';
import { noSuchPage } from './pages/no-such-page.ts';
import { type RowOfRule, type RowTold, rowParts } from './pages/row.ts';
import { formText } from './parts/form.ts';

/** What becomes of a row that somebody has pasted. */
export async function tellRow(context: Context, sent: FormSent): Promise<PageParts> {
  const { params, deps, frame, form } = sent;
  const { tenant = '', id = '' } = params;
  if (!deps.pages.hasRule(tenant, id)) return noSuchPage(frame);
  const asked = { tenant, id, text: formText(form, 'row') };
  return rowParts(asked, await told(context, sent, asked), frame);
}

/** What is wrong with a row is part of the page; what is wrong with this process is not. */
async function told({ req }: Context, { deps }: FormSent, { tenant, id, text }: RowOfRule): Promise<RowTold> {
  try {
    return { kind: 'told', row: await deps.tries.row({ tenant, rule: id }, text, req.raw.signal) };
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (isForLog(error.code)) throw error;
    return { kind: 'failed', error };
  }
}
