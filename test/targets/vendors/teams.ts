import type { Received } from '../http-receiver.ts';
import type { ChatStandIn } from './slack.ts';
import { type Fault, objectIn, startVendor } from './stand-in.ts';

type Json = Readonly<Record<string, unknown>>;

const PATH = '/workflows/0123456789abcdef/triggers/manual/paths/invoke?api-version=2016-06-01&sig=s3cretSignature0123';
const MAX_BYTES = 28 * 1024;
const STYLES = ['default', 'emphasis', 'good', 'attention', 'warning', 'accent'];

/** A workflow of Teams that a webhook starts: it takes one Adaptive Card 1.2 of 28 KB with 202, before anything is shown; no dedup. */
export async function startTeams(faults: Fault[] = []): Promise<ChatStandIn> {
  const posted: Json[] = [];
  const vendor = await startVendor((request) => {
    if (request.path !== PATH) return { status: 401, body: { error: { code: 'DirectApiAuthorizationRequired' } } };
    if (Buffer.byteLength(request.body) > MAX_BYTES)
      return { status: 413, body: { error: { code: 'RequestEntityTooLarge' } } };
    if (!isCard(request)) return { status: 400, body: { error: { code: 'TriggerInputSchemaMismatch' } } };
    posted.push(objectIn(request) ?? {});
    return { status: 202 };
  }, faults);
  return { ...vendor, base: `${vendor.base}${PATH}`, posted };
}

function isCard(request: Received): boolean {
  const { type, attachments } = objectIn(request) ?? {};
  const [attachment, ...others] = attachments as Json[];
  const content = attachment?.content as Json | undefined;
  const { body, actions = [] } = content ?? {};
  const isTyped =
    attachment?.contentType === 'application/vnd.microsoft.card.adaptive' && attachment.contentUrl === null;
  if (type !== 'message' || others.length > 0 || !isTyped) return false;
  if (content?.type !== 'AdaptiveCard' || content.version !== '1.2') return false;
  const opens = (actions as Json[]).every(
    (one) => one.type === 'Action.OpenUrl' && /^https?:/.test(String(one.url)) && one.title !== '',
  );
  return opens && (body as Json[]).length > 0 && (body as Json[]).every(isElement);
}

function isElement({ type, style, items, inlines }: Json): boolean {
  if (type === 'Container') return STYLES.includes(String(style)) && (items as Json[]).every(isElement);
  return type === 'RichTextBlock' && (inlines as Json[]).length > 0 && (inlines as Json[]).every(isRun);
}

function isRun({ type, text }: Json): boolean {
  return type === 'TextRun' && typeof text === 'string' && text !== '';
}
