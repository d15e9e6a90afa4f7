import { retryAfterMs } from '../../lib/retry-after.ts';
import { again, blocked, DELIVERED, refused } from '../delivery-result.ts';
import type { DeliveryResult } from '../target.ts';

export interface WebhookAnswer {
  readonly status: number;
  /** The `Retry-After` header as it came, or null. */
  readonly retryAfter: string | null;
  /** The first 1 kB of the body, secrets masked. */
  readonly body: string;
}

type Verdict = DeliveryResult['kind'];

/** The one table of what a status means; `CLASSES` holds for the statuses that are not named. */
const STATUSES: ReadonlyMap<number, Verdict> = new Map([
  [401, 'blocked'],
  [403, 'blocked'],
  [404, 'blocked'],
  [405, 'blocked'],
  [407, 'blocked'],
  [410, 'blocked'],
  [408, 'again'],
  [425, 'again'],
  [429, 'again'],
]);
const CLASSES: ReadonlyMap<number, Verdict> = new Map([
  [2, 'delivered'],
  [3, 'blocked'],
  [4, 'refused'],
  [5, 'again'],
]);

/** What an HTTP status means for the entry; a status outside 200 to 599 is no final answer: again. */
export function verdictOf(status: number): Verdict {
  return STATUSES.get(status) ?? CLASSES.get(Math.floor(status / 100)) ?? 'again';
}

/** The result of a delivery that was answered. `now` (epoch ms) is what a Retry-After date counts from. */
export function resultOfAnswer(answer: WebhookAnswer, now: number): DeliveryResult {
  const { status } = answer;
  const verdict = verdictOf(status);
  if (verdict === 'delivered') return DELIVERED;
  const reason = reasonOf(status);
  if (verdict === 'refused') return refused(reason, status, answer.body);
  const told = { status, retryAfterMs: retryAfterMs(answer.retryAfter, now) };
  return verdict === 'blocked' ? blocked(reason, told) : again(reason, told);
}

function reasonOf(status: number): string {
  if (status >= 300 && status < 400) return `the webhook answered ${status}, and redirects are not followed`;
  return `the webhook answered ${status}`;
}
