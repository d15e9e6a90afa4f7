import { HuntwireError } from '../lib/errors.ts';
import { blocked } from './delivery-result.ts';
import type { Target, TargetDeps } from './target.ts';
import { jsonOf, objectOf } from './tickets/answer-json.ts';
import { vendorSchema } from './vendor-schema.ts';
import { createVendorTarget, type VendorSettings } from './vendor-target.ts';
import { requestUrl } from './webhook/request-url.ts';
import type { HttpAnswer } from './webhook/webhook-exchange.ts';

export interface TeamsConfig extends VendorSettings {
  readonly type: 'teams';
  readonly url: NonNullable<VendorSettings['url']>;
}

const RATE_PER_SECOND = 4;
/** Where the connectors of Office 365 were. */
const RETIRED = /(^|\.)webhook\.office\.com$|^outlook\.office(365)?\.com$/i;

export const name = 'teams';
export const configSchema = vendorSchema({
  type: name,
  description: 'Posts every alert as one readable card to a chat or a channel of Teams, through a workflow.',
  required: [],
  url: null,
  ratePerSecond: RATE_PER_SECOND,
  properties: {},
});

/** One Adaptive Card an alert to a workflow that a webhook starts; its address holds the signature. */
export function create(config: TeamsConfig, deps: TargetDeps): Target {
  const material = () => ({
    url: workflowUrl(config.url.reveal(), `targets.${deps.name}`),
    headers: { 'user-agent': `huntwire/${deps.version}` },
    secrets: [],
  });
  return createVendorTarget({
    title: 'Teams',
    config,
    deps,
    material,
    traits: { ratePerSecond: RATE_PER_SECOND },
    deliver: async ({ body, send }, { alert }, signal) => {
      const { result, answer } = await send({ path: '', body: body('message', alert) }, signal);
      if (!isSwitchedOff(answer)) return result;
      return blocked('Teams answered that the workflow is switched off', { status: 400, retryAfterMs: null });
    },
  });
}

function workflowUrl(text: string, where: string): URL {
  const url = requestUrl(text, where);
  if (!RETIRED.test(url.hostname)) return url;
  const message = `${where}.url: connectors of Office 365 take nothing any more. Make a workflow that a webhook starts, and take its address.`;
  throw new HuntwireError('CONFIG_INVALID', message);
}

/** A 400 that is about the workflow, not about the card. */
function isSwitchedOff(answer: HttpAnswer | null): boolean {
  if (answer?.status !== 400) return false;
  return /^Workflow(Trigger)?Is(Not|Dis)/.test(String(objectOf(objectOf(jsonOf(answer)).error).code));
}
