import { again } from '../delivery-result.ts';
import type { VendorAnswer } from '../vendor-target.ts';
import { jsonOf } from './answer-json.ts';

/** The answer to a question: one that is cut, or no document at all, says nothing, and what it does not show may be there all the same. */
export function readable(asked: VendorAnswer, what: string): VendorAnswer {
  if (asked.result.kind !== 'delivered' || typeof (jsonOf(asked.answer) ?? undefined) === 'object') return asked;
  const told = { status: asked.answer?.status ?? null, retryAfterMs: null };
  return { ...asked, result: again(`the answer does not say ${what}`, told) };
}
