import { blocked } from './delivery-result.ts';
import { type OauthSettings, oauthSchema } from './oauth/oauth-settings.ts';
import type { Target, TargetDeps } from './target.ts';
import { jsonOf, objectOf, textIn } from './tickets/answer-json.ts';
import { vendorSchema } from './vendor-schema.ts';
import { createVendorTarget, type VendorSettings } from './vendor-target.ts';
import type { Denial } from './webhook/denial.ts';
import { requestUrl } from './webhook/request-url.ts';
import type { HttpAnswer } from './webhook/webhook-exchange.ts';

export interface LogsIngestionConfig extends VendorSettings {
  readonly type: 'logs-ingestion';
  readonly endpoint: string;
  readonly ruleId: string;
  readonly stream: string;
  readonly auth: { readonly oauth2: OauthSettings };
}

const API_VERSION = '2023-01-01';
/** The two slashes are Microsoft's. */
const SCOPE = 'https://monitor.azure.com//.default';
/** A call may have 1 MB; a body that is not compressed stays below that in either way of counting. */
const REQUEST_BYTES = 1_000_000;
const COMMA = 1;
const ABOUT_ADDRESS = /^Invalid(Stream|Api|Dcr|DataCollection)/i;

export const name = 'logs-ingestion';
export const configSchema = vendorSchema({
  type: name,
  description:
    'Adds alerts as rows to a table of Azure Monitor or Microsoft Sentinel (Logs Ingestion API), several in one request.',
  required: ['endpoint', 'ruleId', 'stream', 'auth'],
  url: 'the endpoint',
  batch: true,
  properties: {
    endpoint: {
      type: 'string',
      pattern: '^https?://',
      'x-hint': 'begin it with https:// (or http://)',
      description: 'Logs ingestion endpoint of the data collection rule, or of a data collection endpoint.',
    },
    ruleId: {
      type: 'string',
      pattern: '^dcr-[0-9a-zA-Z]+$',
      'x-hint': 'write the immutable id of the data collection rule, which begins with dcr-',
      description: 'Immutable id of the data collection rule.',
    },
    stream: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]+$',
      'x-hint': 'letters, digits, hyphens and underscores',
      description: 'Stream of the rule: Custom- and the name of the table, as in Custom-Huntwire_CL.',
    },
    auth: {
      type: 'object',
      additionalProperties: false,
      required: ['oauth2'],
      description: 'An app registration that has the role Monitoring Metrics Publisher on the rule.',
      properties: { oauth2: oauthSchema(SCOPE) },
    },
  },
});

/** Rows have no key: a repeat is a second row with the same AlertId and Revision. */
export function create(given: LogsIngestionConfig, deps: TargetDeps): Target {
  const where = `targets.${deps.name}`;
  const config = { ...given, auth: { oauth2: { ...given.auth.oauth2, scope: given.auth.oauth2.scope ?? SCOPE } } };
  const path = `/dataCollectionRules/${config.ruleId}/streams/${config.stream}?api-version=${API_VERSION}`;
  const material = () => {
    const url = config.url ? requestUrl(config.url.reveal(), where) : requestUrl(config.endpoint, where, 'endpoint');
    return { url, headers: { 'user-agent': `huntwire/${deps.version}` }, secrets: [] };
  };
  return createVendorTarget({
    title: 'Azure Monitor',
    config,
    deps,
    material,
    complaint: (answer) => complaintOf(answer, config),
    denial: (answer, shown) => denialOf(answer, config, shown),
    limits: { maxBytes: REQUEST_BYTES, extraBytes: COMMA },
    write: ({ body }, { alert }) => JSON.stringify(body('row', alert)),
    sendPart: async ({ send }, parcels, signal) => {
      const rows = parcels.map(({ text }) => text).join(',');
      return (await send({ path, body: `[${rows}]` }, signal)).result;
    },
  });
}

/** What passes rows on may say in a 200 what Azure Monitor answered. */
function denialOf(
  answer: HttpAnswer,
  config: LogsIngestionConfig,
  shown: (text: string) => string,
): ReturnType<Denial> {
  const complaint = complaintOf(answer, config);
  if (complaint === null || objectOf(jsonOf(answer)).error === undefined) return null;
  return blocked(shown(`Azure Monitor answered ${answer.status}: it ${complaint}`), {
    status: answer.status,
    retryAfterMs: null,
  });
}

/** Nothing in a row names the rule or its stream: what does is about the address, which every row has. */
function complaintOf(answer: HttpAnswer, { stream, ruleId }: LogsIngestionConfig): string | null {
  const { code, message } = objectOf(objectOf(jsonOf(answer)).error);
  const said = `${textIn(code) ?? ''} ${textIn(message) ?? ''}`.trim();
  const isMeant = ABOUT_ADDRESS.test(said) || said.includes(stream) || said.includes(ruleId);
  return isMeant ? `does not take the stream or the ruleId: ${said}` : null;
}
