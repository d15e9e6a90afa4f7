import { again } from '../delivery-result.ts';
import type { DeliveryResult } from '../target.ts';
import { jsonOf, objectOf, textIn } from '../tickets/answer-json.ts';
import type { HttpAnswer } from './webhook-exchange.ts';

/** What a 2xx says against itself: the result that it stands for, or null where it says nothing. `shown`: a text as people may see it. */
export type Denial = (answer: HttpAnswer, shown: (text: string) => string) => DeliveryResult | null;

const PAGE = /^\s*(<!doctype\s+html|<html[\s>])/i;

/**
 * What no interface of a vendor says when it has taken something. A web page is that of a login, a proxy or a portal in front of it, which
 * has seen nothing; `error`, or `ok` and `success` that are false, speak for themselves.
 */
export function plainDenial(answer: HttpAnswer, who: string, shown: (text: string) => string): DeliveryResult | null {
  const { status, text } = answer;
  const told = { status, retryAfterMs: null };
  if (PAGE.test(text))
    return again(`${who} answered ${status} with a web page: a login or a proxy may stand in front of it`, told);
  const { error, ok, success } = objectOf(jsonOf(answer));
  const isError = textIn(error) !== null || Object.keys(objectOf(error)).length > 0;
  if (!isError && ok !== false && success !== false) return null;
  const { code, message } = objectOf(error);
  const why = textIn(error) ?? textIn(message) ?? textIn(code) ?? 'no reason';
  return again(`${who} answered ${status} and an error: ${shown(why)}`, told);
}
