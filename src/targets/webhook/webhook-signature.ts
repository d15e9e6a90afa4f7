import { createHmac } from 'node:crypto';
import { HuntwireError } from '../../lib/errors.ts';
import type { Secret } from '../../lib/secret.ts';

const PREFIX = 'whsec_';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The key of a signing secret: `whsec_…` is base64, any other is used as UTF-8 bytes. A CONFIG_INVALID error names `where`, never the secret. */
export function signingKey(secret: Secret, where: string): Buffer {
  const text = secret.reveal();
  if (text === '') throw new HuntwireError('CONFIG_INVALID', `${where}: the signing secret is empty.`);
  if (!text.startsWith(PREFIX)) return Buffer.from(text, 'utf8');
  const encoded = text.slice(PREFIX.length);
  if (!BASE64.test(encoded) || encoded.length % 4 === 1) {
    throw new HuntwireError('CONFIG_INVALID', `${where}: what follows ${PREFIX} must be base64.`);
  }
  return Buffer.from(encoded, 'base64');
}

/**
 * `webhook-signature` of Standard Webhooks: `v1,<base64 HMAC-SHA256 of id.timestamp.body>` for every key, so that a
 * receiver may hold the old or the new one while keys are rotated. `timestamp` is in Unix seconds of the attempt.
 */
export function webhookSignature(keys: readonly Buffer[], id: string, timestamp: number, body: Buffer): string {
  const about = `${id}.${timestamp}.`;
  return keys.map((key) => `v1,${createHmac('sha256', key).update(about).update(body).digest('base64')}`).join(' ');
}

/** `X-Hub-Signature-256` as GitHub sends it and many receivers check it: it carries one signature, that of the first key. */
export function hubSignature([key = Buffer.alloc(0)]: readonly Buffer[], body: Buffer): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}
