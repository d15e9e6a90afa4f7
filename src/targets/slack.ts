import { type CardConfig, cardSchema, createCardTarget } from './cards/card-target.ts';
import { again } from './delivery-result.ts';
import type { Target, TargetDeps } from './target.ts';
import type { Denial } from './webhook/denial.ts';
import type { HttpAnswer } from './webhook/webhook-exchange.ts';

/** A channel takes one message a second. */
const RATE_PER_SECOND = 1;
const ABOUT_WEBHOOK: ReadonlySet<string> = new Set([
  'action_prohibited',
  'channel_is_archived',
  'channel_not_found',
  'invalid_token',
  'no_active_hooks',
  'no_service',
  'no_service_id',
  'no_team',
  'posting_to_general_channel_denied',
  'team_disabled',
  'user_not_found',
]);

export const name = 'slack';
export const configSchema = cardSchema(
  name,
  'Posts every alert as one readable card to a channel of Slack.',
  RATE_PER_SECOND,
  { type: 'string', pattern: '^(#[0-9a-fA-F]{6}|good|warning|danger)$', 'x-hint': 'write a colour such as #e4572e' },
);

/** One message an alert to an incoming webhook; its whole address is the secret. */
export function create(config: CardConfig, deps: TargetDeps): Target {
  return createCardTarget(config, deps, { title: 'Slack', ratePerSecond: RATE_PER_SECOND, complaint, denial });
}

/** Slack says in a word what it does not like, whatever the status. */
function complaint({ text }: HttpAnswer): string | null {
  const word = text.trim();
  return ABOUT_WEBHOOK.has(word) ? `says ${word}, which is about the webhook or its channel` : null;
}

/** Slack says `ok`. Where the rest of an answer is missing, a message that is sent again would be there twice. */
const denial: Denial = ({ status, text, isWhole }) => {
  const said = text.trim();
  if (said === 'ok' || (!isWhole && 'ok'.startsWith(said))) return null;
  return again('Slack answered without "ok"', { status, retryAfterMs: null });
};
