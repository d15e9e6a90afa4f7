import type { Alert } from '../alerts/alert.ts';
import type { JsonObject } from '../formats/presets/preset.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { Secret } from '../lib/secret.ts';
import { type BatchSettings, batchTraits } from './batch/batch-settings.ts';
import {
  deliverSingly,
  type Parcel,
  type PartLimits,
  type PartOutcome,
  sendInParts,
  type Written,
} from './batch/send-in-parts.ts';
import { openSender } from './oauth/open-sender.ts';
import type { Delivery, DeliveryResult, JournalMessage, Target, TargetDeps } from './target.ts';
import { type Denial, plainDenial } from './webhook/denial.ts';
import { DEFAULT_CONCURRENCY, type Material, type Sender, type SenderSettings } from './webhook/sender.ts';
import { type Complaint, resultOfAnswer, type StatusVerdicts } from './webhook/webhook-answer.ts';
import type { HttpAnswer, SenderRequest } from './webhook/webhook-exchange.ts';

/** Settings that every target of a vendor has. */
export interface VendorSettings extends SenderSettings {
  readonly type: string;
  /** Its base address. */
  readonly url?: Secret;
  readonly ratePerSecond?: number;
  readonly batch?: BatchSettings;
  readonly severityMap?: Readonly<Partial<Record<Alert['severity'], string | number>>>;
}

/** What the bodies of a vendor are made with, and how its answers are read. */
export type Vendor<Config extends VendorSettings, Made extends Material> = VendorTraits<Config, Made> &
  (VendorSingly<Made> | VendorTogether<Made>);

interface VendorTraits<Config extends VendorSettings, Made extends Material> {
  /** As people write it: `PagerDuty`. */
  readonly title: string;
  readonly config: Config;
  readonly deps: TargetDeps;
  readonly material: () => Made;
  /** Where its statuses mean something else than a webhook's. */
  readonly own?: StatusVerdicts;
  /** What it refuses because of our settings. */
  readonly complaint?: Complaint;
  /** Where it says in a 2xx that it took nothing. */
  readonly denial?: Denial;
  readonly traits?: Partial<Target['traits']>;
  /** How much of an answer is read; default 64 KB. */
  readonly answerBytes?: number;
}

interface VendorSingly<Made extends Material> {
  readonly deliver: (talk: Talk<Made>, delivery: Delivery, signal: AbortSignal) => Promise<DeliveryResult>;
}

/** A vendor that takes several alerts in one request. */
interface VendorTogether<Made extends Material> {
  readonly limits: PartLimits;
  /** What is written of one alert. */
  readonly write: (talk: Talk<Made>, delivery: Delivery) => string;
  readonly sendPart: (talk: Talk<Made>, parcels: readonly Parcel[], signal: AbortSignal) => Promise<PartOutcome>;
  /** How it takes what is no alert; left out: it takes alerts only. */
  readonly journal?: {
    readonly write: (message: JournalMessage) => string;
    readonly sendPart: (talk: Talk<Made>, parts: readonly Written[], signal: AbortSignal) => Promise<PartOutcome>;
  };
}

/** What a delivery to a vendor can do. */
export interface Talk<Made extends Material> {
  readonly material: Made;
  /** Nothing is sent, and answers say nothing: what was asked for is taken as there, so that the next step is shown. */
  readonly isRehearsed: boolean;
  /** A body of the preset. */
  body(name: string, alert: Alert): JsonObject;
  /** Sends JSON to a path below the base address; of what is not delivered the result is told. */
  send(request: VendorRequest, signal: AbortSignal): Promise<VendorAnswer>;
  /** The beginning of a text of the vendor's as people may see it. */
  shown(text: string): string;
}

export interface VendorRequest extends Partial<Pick<SenderRequest, 'method' | 'headers'>> {
  /** Behind the base address, with its query. */
  readonly path: string;
  /** Written as JSON where it is no text. */
  readonly body?: JsonObject | string;
}

export interface VendorAnswer {
  /** What the status means; the vendor's file may know better. */
  readonly result: DeliveryResult;
  /** Null where nothing was answered. */
  readonly answer: HttpAnswer | null;
}

const ANSWER_BYTES = 65_536;
const JSON_TYPE = 'application/json';

/** A target that speaks to one vendor through the webhook's sender. Throws CONFIG_INVALID for settings that cannot work. */
export function createVendorTarget<Config extends VendorSettings, Made extends Material>(
  vendor: Vendor<Config, Made>,
): Target {
  const { config, deps, material, answerBytes = ANSWER_BYTES } = vendor;
  const sender = openSender({ settings: config, deps, material, answerBytes });
  const bodies = bodiesOf(config, deps);
  const talk = (): Talk<Made> => {
    const made = sender.material();
    const send: Talk<Made>['send'] = (request, stop) => exchange(sender, made, request, vendor, stop);
    return { material: made, isRehearsed: deps.rehearse !== undefined, body: bodies, send, shown: sender.shown };
  };
  const traits = {
    concurrency: config.concurrency ?? vendor.traits?.concurrency ?? DEFAULT_CONCURRENCY,
    ratePerSecond: config.ratePerSecond ?? vendor.traits?.ratePerSecond ?? null,
    ...(vendor.traits?.resend && { resend: vendor.traits.resend }),
  };
  const about = { name: deps.name, type: config.type, check: sender.check, close: sender.close };
  if ('deliver' in vendor) {
    const deliver: Target['deliver'] = async (delivery, signal) => vendor.deliver(talk(), delivery, signal);
    return { ...about, traits, deliver };
  }
  const batch = batchTraits(config.batch ?? {}, vendor.limits.maxBytes, `targets.${deps.name}`);
  const deliverMany = togetherBy(vendor, talk);
  const carry = carryBy(vendor, talk);
  const together = { deliver: deliverSingly(deliverMany), deliverMany, ...(carry && { carry }) };
  return { ...about, traits: { ...traits, batch }, ...together };
}

function carryBy<Made extends Material>(
  { limits, journal }: VendorTogether<Made>,
  talk: () => Talk<Made>,
): Target['carry'] | null {
  if (!journal) return null;
  return (messages, signal) => {
    const now = talk();
    const written = messages.map((message) => ({ text: journal.write(message) }));
    return sendInParts(written, limits, (part) => journal.sendPart(now, part, signal), signal);
  };
}

function togetherBy<Made extends Material>(
  { limits, write, sendPart }: VendorTogether<Made>,
  talk: () => Talk<Made>,
): NonNullable<Target['deliverMany']> {
  return async (deliveries, signal) => {
    const now = talk();
    const parcels = deliveries.map((delivery) => ({ delivery, text: write(now, delivery) }));
    return sendInParts(parcels, limits, (part) => sendPart(now, part, signal), signal);
  };
}

async function exchange<Config extends VendorSettings, Made extends Material>(
  sender: Sender<Made>,
  { url, headers: fixed }: Made,
  request: VendorRequest,
  { deps, title, own, complaint, denial }: VendorTraits<Config, Made>,
  signal: AbortSignal,
): Promise<VendorAnswer> {
  const { method = 'POST', path, headers = {}, body = null } = request;
  const text = body === null || typeof body === 'string' ? body : JSON.stringify(body);
  const typed = { ...fixed, ...(text !== null && { 'content-type': JSON_TYPE }), ...headers };
  const outcome = await sender.ask({ method, path: below(url, path), headers: typed, body: text }, signal);
  if (outcome.kind === 'unanswered') return { result: outcome.result, answer: null };
  const { answer } = outcome;
  const told = { ...(own && { own }), ...(complaint && { complaint }) };
  const reading = { now: deps.clock.now(), shown: sender.shown, who: title, ...told };
  const byStatus = resultOfAnswer(answer, reading);
  if (byStatus.kind !== 'delivered') return { result: byStatus, answer };
  return { result: denial?.(answer, sender.shown) ?? plainDenial(answer, title, sender.shown) ?? byStatus, answer };
}

/** A base address may have a path of its own, with or without a slash at its end. */
function below(base: URL, path: string): string {
  const search = path.includes('?') ? base.search.replace('?', '&') : base.search;
  return `${base.pathname.replace(/\/+$/, '')}${path}${search}`;
}

function bodiesOf(config: VendorSettings, { preset, name }: TargetDeps): (body: string, alert: Alert) => JsonObject {
  if (!preset) throw new HuntwireError('CONFIG_INVALID', `targets.${name}: there is no preset "${config.type}".`);
  const options = { severities: { ...preset.severities, ...config.severityMap }, settings: { ...config } };
  return (body, alert) => {
    const make = preset.bodies[body];
    if (!make) throw new HuntwireError('INTERNAL', `The preset "${preset.name}" has no body "${body}".`);
    return make(alert, options);
  };
}
