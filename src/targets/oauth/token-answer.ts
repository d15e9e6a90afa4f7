import { retryAfterMs } from '../../lib/retry-after.ts';
import { again, blocked, TARGET_CLOSED } from '../delivery-result.ts';
import type { DeliveryResult } from '../target.ts';
import { jsonOf, objectOf, textIn } from '../tickets/answer-json.ts';
import { verdictOf } from '../webhook/webhook-answer.ts';
import type { HttpAnswer, SenderOutcome } from '../webhook/webhook-exchange.ts';

/** A token as it was got; `lifeMs` counts from the answer. */
export type TokenOutcome =
  | { readonly kind: 'token'; readonly token: string; readonly lifeMs: number }
  | { readonly kind: 'none'; readonly result: DeliveryResult };

/** Where an answer does not say how long its token holds. */
const USUAL_LIFE_MS = 300_000;
/** What a header can carry (RFC 6750). */
const TOKEN = /^[\w\-.~+/]+=*$/;
/** RFC 6749 section 5.2; anything else is not shown. */
const ERROR = /^[a-z_]{1,60}$/;

/** What the token endpoint has said. A refusal is about the settings: the target waits until they are right. `now`: epoch ms. */
export function tokenOutcome(outcome: SenderOutcome, now: number): TokenOutcome {
  if (outcome.kind === 'unanswered') return { kind: 'none', result: withoutToken(outcome.result) };
  const { answer } = outcome;
  const said = objectOf(jsonOf(answer));
  const token = textIn(said.access_token) ?? '';
  if (verdictOf(answer.status) !== 'delivered') return { kind: 'none', result: refusalOf(answer, now) };
  if (!TOKEN.test(token))
    return { kind: 'none', result: blocked('the token endpoint answered without a token', toldBy(answer, now)) };
  const seconds = Number(said.expires_in);
  return { kind: 'token', token, lifeMs: seconds > 0 ? seconds * 1000 : USUAL_LIFE_MS };
}

function refusalOf(answer: HttpAnswer, now: number): DeliveryResult {
  const error = textIn(objectOf(jsonOf(answer)).error) ?? '';
  const why = ERROR.test(error) ? ` (${error})` : '';
  const reason = `the token endpoint answered ${answer.status}${why}`;
  const told = toldBy(answer, now);
  return verdictOf(answer.status) === 'again' ? again(reason, told) : blocked(reason, told);
}

function toldBy({ status, retryAfter }: HttpAnswer, now: number) {
  return { status, retryAfterMs: retryAfterMs(retryAfter, now) };
}

function withoutToken(result: DeliveryResult): DeliveryResult {
  return result.kind === 'delivered' || result === TARGET_CLOSED
    ? result
    : { ...result, reason: `no token: ${result.reason}` };
}
