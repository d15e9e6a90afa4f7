import type { Context } from 'hono';
import { ACTIONS } from '../../actions/registry.ts';
import { withJoined } from '../../lib/abort.ts';
import { MINUTE_MS } from '../../lib/duration.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { FormSent } from './page-route.ts';

const LONGEST_MS = 5 * MINUTE_MS;

/** Does an action for who has signed in: what it changes stands in the audit under their name. */
export async function performFor(
  context: Context,
  { visit, deps }: Pick<FormSent, 'visit' | 'deps'>,
  slug: string,
  input: unknown,
): Promise<unknown> {
  const action = ACTIONS.get(slug);
  if (!action) throw new HuntwireError('INTERNAL', `There is no action ${slug}; report this.`);
  if (!visit.scopes.includes(action.scope)) throw new HuntwireError('USAGE', `This needs the scope "${action.scope}".`);
  const ends = [context.req.raw.signal, AbortSignal.timeout(LONGEST_MS)];
  return withJoined(ends, (signal) => deps.perform(action, input, { by: visit.by, signal }));
}
