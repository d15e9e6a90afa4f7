import { again } from './delivery-result.ts';
import type { Target, TargetDeps } from './target.ts';
import { vendorSchema } from './vendor-schema.ts';
import { createVendorTarget, type VendorSettings } from './vendor-target.ts';
import { requestUrl } from './webhook/request-url.ts';
import type { HttpAnswer } from './webhook/webhook-exchange.ts';

export interface SlackConfig extends VendorSettings {
  readonly type: 'slack';
  readonly url: NonNullable<VendorSettings['url']>;
}

/** A channel takes one message a second. */
const RATE_PER_SECOND = 1;

export const name = 'slack';
export const configSchema = vendorSchema({
  type: name,
  description: 'Posts every alert as one readable card to a channel of Slack.',
  required: [],
  url: null,
  ratePerSecond: RATE_PER_SECOND,
  properties: {},
});

/** One message an alert to an incoming webhook; its whole address is the secret. */
export function create(config: SlackConfig, deps: TargetDeps): Target {
  const material = () => ({
    url: requestUrl(config.url.reveal(), `targets.${deps.name}`),
    headers: { 'user-agent': `huntwire/${deps.version}` },
    secrets: [],
  });
  return createVendorTarget({
    title: 'Slack',
    config,
    deps,
    material,
    traits: { ratePerSecond: RATE_PER_SECOND },
    deliver: async ({ body, send }, { alert }, signal) => {
      const { result, answer } = await send({ path: '', body: body('message', alert) }, signal);
      if (result.kind !== 'delivered' || isTaken(answer)) return result;
      return again('Slack answered without "ok"', { status: answer?.status ?? null, retryAfterMs: null });
    },
  });
}

/** Slack says `ok`. Where the rest of an answer is missing, a message that is sent again would be there twice. */
function isTaken(answer: HttpAnswer | null): boolean {
  const text = answer?.text.trim() ?? '';
  return text === 'ok' || (answer?.isWhole === false && 'ok'.startsWith(text));
}
