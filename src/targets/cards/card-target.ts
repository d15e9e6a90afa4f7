import type { PluginSchema } from '../../lib/plugin.ts';
import type { Target, TargetDeps } from '../target.ts';
import { vendorSchema } from '../vendor-schema.ts';
import { createVendorTarget, type VendorSettings } from '../vendor-target.ts';
import type { Denial } from '../webhook/denial.ts';
import { requestUrl } from '../webhook/request-url.ts';
import type { Complaint } from '../webhook/webhook-answer.ts';

/** Settings of a chat that takes cards at one address, which is its secret. */
export interface CardConfig extends VendorSettings {
  readonly url: NonNullable<VendorSettings['url']>;
}

/** What tells one chat from another. */
export interface Chat {
  /** As people write it. */
  readonly title: string;
  readonly ratePerSecond: number;
  /** Throws CONFIG_INVALID for an address that cannot work; `where` names the settings. */
  readonly check?: (url: URL, where: string) => void;
  /** What it refuses because of the address or what stands behind it. */
  readonly complaint: Complaint;
  /** Where it says in a 2xx that it took nothing. */
  readonly denial: Denial;
}

export function cardSchema(
  type: string,
  description: string,
  ratePerSecond: number,
  severity: PluginSchema,
): PluginSchema {
  return vendorSchema({ type, description, required: [], url: null, ratePerSecond, severity, properties: {} });
}

/** One card an alert, which is the body `message` of the preset. */
export function createCardTarget(config: CardConfig, deps: TargetDeps, chat: Chat): Target {
  const { title, ratePerSecond, check, complaint, denial } = chat;
  const where = `targets.${deps.name}`;
  const material = () => {
    const url = requestUrl(config.url.reveal(), where);
    check?.(url, where);
    return { url, headers: { 'user-agent': `huntwire/${deps.version}` }, secrets: [] };
  };
  return createVendorTarget({
    title,
    config,
    deps,
    material,
    traits: { ratePerSecond },
    complaint,
    denial,
    deliver: async ({ body, send }, { alert }, signal) =>
      (await send({ path: '', body: body('message', alert) }, signal)).result,
  });
}
