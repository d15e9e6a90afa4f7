import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';

/** Why what a form sends is not taken; null: it is. Browsers say where a form stands, and pages of other sites cannot know its key. */
export function strangeForm({ req }: Context, formKey: string | null, given: string | undefined): string | null {
  const site = req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') return 'It was sent from a page of another site.';
  if (site === undefined && !isOwnOrigin(req.header('origin'), req.header('host')))
    return 'It does not say that it was sent from here.';
  if (formKey !== null && !isSame(given ?? '', formKey))
    return 'Its key is not that of your visit: load the page again.';
  return null;
}

/** Of browsers that do not say more. */
function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === host;
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
