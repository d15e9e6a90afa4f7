import { DAY_MS } from '../../lib/duration.ts';
import type { LintCheck } from './check.ts';

const SOON_MS = 14 * DAY_MS;

/** Told 14 days ahead, so that its owner can decide before the rows come back. */
export const exceptionExpired: LintCheck = {
  id: 'exception-expired',
  description: 'Exceptions that have expired or will within 14 days.',
  why: 'An expired exception drops nothing any more, and the noise is back unannounced.',
  mend: 'Ask its owner; give it a new date with a reason, or take it out.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule, context) =>
    rule.exceptions.flatMap((exception, index) => {
      const { now } = context;
      if (exception.expires - now > SOON_MS) return [];
      const day = new Date(exception.expires).toISOString().slice(0, 10);
      const verb = exception.expires <= now ? 'expired' : 'expires';
      const message = `The exception "${exception.reason}" ${verb} on ${day}.`;
      const suggestion = `Ask ${exception.owner} whether to renew it or take it out.`;
      return [{ place: rule.map.placeOf(['exceptions', index, 'expires']), message, suggestion }];
    }),
};
