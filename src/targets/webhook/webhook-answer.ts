import { retryAfterMs } from '../../lib/retry-after.ts';
import { again, blocked, DELIVERED, refused } from '../delivery-result.ts';
import type { DeliveryResult } from '../target.ts';
import { proxyComplaint } from './proxy-complaint.ts';
import type { HttpAnswer } from './webhook-exchange.ts';

export type DeliveryVerdict = DeliveryResult['kind'];
/** StatusVerdicts by status. */
export type StatusVerdicts = ReadonlyMap<number, DeliveryVerdict>;

const NO_OWN: StatusVerdicts = new Map();

/** The one table of what a status means; `CLASSES` holds for the statuses that are not named. */
const STATUSES: ReadonlyMap<number, DeliveryVerdict> = new Map([
  [401, 'blocked'],
  [403, 'blocked'],
  [404, 'blocked'],
  [405, 'blocked'],
  [407, 'blocked'],
  [410, 'blocked'],
  [408, 'again'],
  [425, 'again'],
  [429, 'again'],
  // Of nginx: a client certificate that is refused or missing, and plain HTTP where TLS is spoken.
  [495, 'blocked'],
  [496, 'blocked'],
  [497, 'blocked'],
]);
const CLASSES: ReadonlyMap<number, DeliveryVerdict> = new Map([
  [2, 'delivered'],
  [3, 'blocked'],
  [4, 'refused'],
  [5, 'again'],
]);

/** What an HTTP status means for the entry; a status outside 200 to 599 is no final answer: again. `own`: where a vendor means something else. */
export function verdictOf(status: number, own: StatusVerdicts = NO_OWN): DeliveryVerdict {
  return own.get(status) ?? STATUSES.get(status) ?? CLASSES.get(Math.floor(status / 100)) ?? 'again';
}

/** How an answer is read. */
export interface AnswerReading {
  /** Epoch ms: what a Retry-After date counts from. */
  readonly now: number;
  /** The beginning of a text as people may see it, secrets masked. */
  readonly shown: (text: string) => string;
  /** Who answered, for reasons; default: the webhook. */
  readonly who?: string;
  readonly own?: StatusVerdicts;
  readonly complaint?: Complaint;
}

/** What an answer that refuses says of our settings, behind "it"; null: it is about what was sent. What it is about every alert would meet. */
export type Complaint = (answer: HttpAnswer) => string | null;

/** The result of a delivery that was answered. */
export function resultOfAnswer(
  answer: HttpAnswer,
  { now, shown, who = 'the webhook', own, complaint }: AnswerReading,
): DeliveryResult {
  const { status } = answer;
  const verdict = verdictOf(status, own);
  if (verdict === 'delivered') return DELIVERED;
  const reason = reasonOf(who, status);
  const said = verdict === 'refused' ? (proxyComplaint(status, answer.text) ?? complaint?.(answer) ?? null) : null;
  if (said) return blocked(shown(`${reason}: it ${said}`), { status, retryAfterMs: null });
  if (verdict === 'refused') return refused(reason, status, shown(answer.text));
  const told = { status, retryAfterMs: retryAfterMs(answer.retryAfter, now) };
  return verdict === 'blocked' ? blocked(reason, told) : again(reason, told);
}

function reasonOf(who: string, status: number): string {
  if (status >= 300 && status < 400) return `${who} answered ${status}, and redirects are not followed`;
  return `${who} answered ${status}`;
}
