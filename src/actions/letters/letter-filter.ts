import { HuntwireError } from '../../lib/errors.ts';
import type { DeadLetterFilter } from '../../state/outbox-store.ts';
import { readTime } from '../read-time.ts';
import { word } from '../schema.ts';

/** Which dead letters a verb is about; all that is given must hold. */
export interface LetterFilter {
  readonly target?: string;
  readonly reason?: string;
  readonly since?: string;
  readonly alert?: string;
}

export const FILTER_INPUT = {
  target: word('Only of this target.', '--target'),
  reason: word('Only where the reason holds this text.', '--reason'),
  since: word('Only tried last since then: an instant, or 14d back from now.', '--since'),
  alert: word('Only of alerts whose id begins so.', '--alert'),
} as const;

/** Whether anything narrows what is asked for. */
export function isFiltered({ target, reason, since, alert }: LetterFilter): boolean {
  return [target, reason, since, alert].some((one) => one !== undefined);
}

/** `what`: how a caller writes the name of the time. */
export function filterOf(
  options: LetterFilter,
  given: readonly string[],
  now: number,
  what = 'since',
): DeadLetterFilter {
  const { target, reason, since, alert } = options;
  return {
    target: target ?? null,
    ids: given.length > 0 ? letterNumbers(given) : null,
    ...(reason !== undefined && { reason }),
    ...(since !== undefined && { since: readTime(since, what, now) }),
    ...(alert !== undefined && { alertPrefix: alert }),
  };
}

export function letterNumbers(ids: readonly string[]): readonly number[] {
  return ids.map((id) => {
    if (!/^\d{1,15}$/.test(id)) throw new HuntwireError('USAGE', `"${id}" is no number of a dead letter.`);
    return Number(id);
  });
}
