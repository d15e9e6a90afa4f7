import { HuntwireError } from '../lib/errors.ts';
import { type CardConfig, cardSchema, createCardTarget } from './cards/card-target.ts';
import { again, blocked, refused } from './delivery-result.ts';
import type { Target, TargetDeps } from './target.ts';
import { jsonOf, objectOf } from './tickets/answer-json.ts';
import type { Denial } from './webhook/denial.ts';
import { verdictOf } from './webhook/webhook-answer.ts';
import type { HttpAnswer } from './webhook/webhook-exchange.ts';

const RATE_PER_SECOND = 4;
/** Where the connectors of Office 365 were. */
const RETIRED = /(^|\.)webhook\.office\.com$|^outlook\.office(365)?\.com$/i;

const FAILED = /delivery failed(?:[^\n]{0,200}?HTTP error (\d{3}))?/i;

/** What is about the workflow, not about the card. */
const COMPLAINTS: readonly (readonly [RegExp, string])[] = [
  [/^Workflow(Trigger)?Is(Not|Dis)/, 'says that the workflow is switched off'],
  [/^TriggerInputSchemaMismatch$/, 'says that the trigger of the workflow has a schema of its own: leave that empty'],
];

export const name = 'teams';
export const configSchema = cardSchema(
  name,
  'Posts every alert as one readable card to a chat or a channel of Teams, through a workflow.',
  RATE_PER_SECOND,
  { enum: ['default', 'emphasis', 'accent', 'good', 'warning', 'attention'] },
);

/** One Adaptive Card an alert to a workflow that a webhook starts; its address holds the signature. */
export function create(config: CardConfig, deps: TargetDeps): Target {
  return createCardTarget(config, deps, {
    title: 'Teams',
    ratePerSecond: RATE_PER_SECOND,
    check: checkAddress,
    complaint: (answer) => COMPLAINTS.find(([code]) => code.test(codeOf(answer)))?.[1] ?? null,
    denial,
  });
}

/** What stood between us and Teams may say in a 200 that Teams did not take the message, and with which status. */
const denial: Denial = ({ status: outer, text }, shown) => {
  const said = FAILED.exec(text);
  if (!said) return null;
  const status = Number(said[1] ?? outer);
  const reason = `Teams did not take the message: ${shown(said[0])}`;
  const verdict = said[1] === undefined ? 'again' : verdictOf(status);
  if (verdict === 'refused') return refused(reason, status, shown(text));
  return (verdict === 'blocked' ? blocked : again)(reason, { status, retryAfterMs: null });
};

function checkAddress({ hostname }: URL, where: string): void {
  if (!RETIRED.test(hostname)) return;
  const message = `${where}.url: connectors of Office 365 take nothing any more. Make a workflow that a webhook starts, and take its address.`;
  throw new HuntwireError('CONFIG_INVALID', message);
}

function codeOf(answer: HttpAnswer): string {
  return String(objectOf(objectOf(jsonOf(answer)).error).code);
}
