import { writtenMembers } from '../lib/json/known-text.ts';
import type { Secret } from '../lib/secret.ts';
import type { PartOutcome, Written } from './batch/send-in-parts.ts';
import { again, blocked, refused } from './delivery-result.ts';
import type { JournalMessage, Target, TargetDeps } from './target.ts';
import { jsonOf, objectOf, textIn } from './tickets/answer-json.ts';
import { secretSchema, vendorSchema } from './vendor-schema.ts';
import { createVendorTarget, type Talk, type VendorSettings } from './vendor-target.ts';
import type { Denial } from './webhook/denial.ts';
import { keyedMaterial } from './webhook/keyed-material.ts';
import type { Material } from './webhook/sender.ts';

export interface SplunkHecConfig extends VendorSettings {
  readonly type: 'splunk-hec';
  readonly url: Secret;
  readonly token: Secret;
  readonly index?: string;
  readonly sourcetype?: string;
}

const PATH = '/services/collector/event';
/** What the collector takes by default, and more than a batch needs. */
const REQUEST_BYTES = 1_000_000;
/** Codes that are about the settings, whatever is sent: index, channel, acknowledgment. */
const SETTINGS_CODES: readonly number[] = [7, 10, 11, 14];

/** The token is disabled, missing, no token, or unknown. */
const TOKEN_CODES: readonly number[] = [1, 2, 3, 4];

export const name = 'splunk-hec';
export const configSchema = vendorSchema({
  type: name,
  description: "Sends alerts as events to Splunk's HTTP Event Collector, several in one request.",
  required: ['token'],
  url: null,
  batch: true,
  properties: {
    token: secretSchema('The value of an HTTP Event Collector token.'),
    index: { type: 'string', minLength: 1, description: "Index of the events; default: the token's." },
    sourcetype: {
      type: 'string',
      minLength: 1,
      default: 'huntwire:alert',
      description: 'Source type of the events.',
    },
  },
});

/** Events of a batch are written one behind the other. A 200 says that Splunk has them, not yet that they can be searched. */
export function create(config: SplunkHecConfig, deps: TargetDeps): Target {
  const { url, token: key } = config;
  const material = () =>
    keyedMaterial({ url, key, setting: 'token' }, deps, (token) => ({ value: `Splunk ${token}`, secrets: [token] }));
  return createVendorTarget({
    title: 'Splunk',
    config,
    deps,
    material,
    denial,
    limits: { maxBytes: REQUEST_BYTES, extraBytes: 0 },
    write: ({ body }, { alert }) => writtenMembers(body('event', alert)),
    sendPart,
    journal: { write: (message) => journalEvent(message, config.index), sendPart },
  });
}

/** The code decides: a balancer may turn the status of one that is busy into a 200. */
const denial: Denial = (answer, shown) => {
  const { code, text } = objectOf(jsonOf(answer));
  if (typeof code !== 'number' || code === 0) return null;
  const reason = `Splunk answered ${answer.status} with code ${code}: ${shown(textIn(text) ?? 'no reason')}`;
  const isOurs = SETTINGS_CODES.includes(code) || TOKEN_CODES.includes(code);
  return (isOurs ? blocked : again)(reason, { status: answer.status, retryAfterMs: null });
};

/** Splunk takes no longer events by default. */
const EVENT_BYTES = 256 * 1024;

export const journalRefusal = (): null => null;

function journalEvent(message: JournalMessage, index: string | undefined): string {
  const about = { time: Date.parse(message.at) / 1000, source: 'huntwire', sourcetype: 'huntwire:event', index };
  return `${JSON.stringify(about).slice(0, -1)},"event":${message.text(EVENT_BYTES)}}`;
}

async function sendPart<Made extends Material>(
  talk: Talk<Made>,
  parcels: readonly Written[],
  signal: AbortSignal,
): Promise<PartOutcome> {
  const body = parcels.map(({ text }) => text).join('');
  const { result, answer } = await talk.send({ path: PATH, body }, signal);
  if (answer?.status !== 400 || result.kind === 'blocked') return result;
  const said = objectOf(jsonOf(answer));
  const { code, text } = said;
  const reason = `Splunk answered 400: ${talk.shown(textIn(text) ?? (code === undefined ? 'no reason' : `code ${String(code)}`))}`;
  if (typeof code === 'number' && SETTINGS_CODES.includes(code))
    return blocked(reason, { status: 400, retryAfterMs: null });
  const bad = said['invalid-event-number'];
  const alone = refused(reason, 400, talk.shown(answer.text));
  if (parcels.length === 1 || typeof bad !== 'number' || !parcels[bad]) return alone;
  return around(
    bad,
    alone,
    await sendPart(
      talk,
      parcels.filter((_, at) => at !== bad),
      signal,
    ),
    parcels.length,
  );
}

/** The outcome of the others, with that of the one which Splunk has named at its place. */
function around(bad: number, alone: Exclude<PartOutcome, readonly unknown[]>, others: PartOutcome, count: number) {
  // Which of several is meant by a refusal is not known: the next batch is without the one that is.
  const one = 'kind' in others && others.kind === 'refused' && count > 2 ? again(others.reason) : others;
  const each = Array.isArray(one) ? [...one] : Array.from({ length: count - 1 }, () => one);
  each.splice(bad, 0, alone);
  return each;
}
