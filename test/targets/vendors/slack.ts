import type { Received } from '../http-receiver.ts';
import { type Fault, objectIn, startVendor, type VendorReply, type VendorStandIn } from './stand-in.ts';

type Json = Readonly<Record<string, unknown>>;

export interface ChatStandIn extends VendorStandIn {
  readonly posted: readonly Json[];
}

const PATH = '/services/T0/B0/s3cretPath0123456789';
const MAX_MESSAGE = 13_000;
/** Tags that call people, and text that is no link but begins like one. */
const MARKUP = /<(?!https?:\/\/[^\s<>|]+\|[^<>|]+>)/;

/** An incoming webhook of Slack: the blocks that it knows within their caps, `ok` as its only good answer, no dedup. */
export async function startSlack(faults: Fault[] = []): Promise<ChatStandIn> {
  const posted: Json[] = [];
  const vendor = await startVendor((request) => {
    if (request.path !== PATH || request.method !== 'POST') return { status: 404, body: 'no_service' };
    const wrong = wrongWith(request);
    if (wrong !== null) return wrong;
    posted.push(objectIn(request) ?? {});
    return { status: 200, body: 'ok', headers: { 'content-type': 'text/html' } };
  }, faults);
  return { ...vendor, base: `${vendor.base}${PATH}`, posted };
}

function wrongWith(request: Received): VendorReply | null {
  const message = objectIn(request);
  if (!message || typeof message.text !== 'string' || MARKUP.test(message.text))
    return { status: 400, body: 'invalid_payload' };
  if (request.body.length > MAX_MESSAGE) return { status: 400, body: 'msg_blocks_too_long' };
  const attachments = message.attachments as Json[];
  const colours = attachments.every(({ color }) => /^#[0-9a-f]{6}$/.test(String(color)));
  const blocks = attachments.flatMap((one) => one.blocks as Json[]);
  return colours && blocks.length > 0 && blocks.length <= 50 && blocks.every(isBlock)
    ? null
    : { status: 400, body: 'invalid_blocks' };
}

function isBlock({ type, text, fields = [] }: Json): boolean {
  const all = fields as Json[];
  const hasText = text !== undefined ? isText(text as Json, 3000) : all.length > 0;
  return type === 'section' && hasText && all.length <= 10 && all.every((field) => isText(field, 2000));
}

function isText({ type, text }: Json, most: number): boolean {
  if (typeof text !== 'string' || text === '' || text.length > most) return false;
  return type === 'plain_text' || (type === 'mrkdwn' && !MARKUP.test(text));
}
