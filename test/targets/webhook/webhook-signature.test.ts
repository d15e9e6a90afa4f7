import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { signingKey, webhookSignature } from '../../../src/targets/webhook/webhook-signature.ts';

const OLD = `whsec_${Buffer.from('the old secret of the webhook').toString('base64')}`;
const NEW = `whsec_${Buffer.from('the new secret of the webhook').toString('base64')}`;

function headers(signature: string, timestamp: number): Record<string, string> {
  return { 'webhook-id': 'm-1', 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
}

describe('the signature', () => {
  it('is the one of the reference library', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.string({ unit: 'grapheme' }), (key, body) => {
        const secret = `whsec_${Buffer.from(key).toString('base64')}`;
        const at = new Date('2026-11-05T09:00:00Z');
        const ours = webhookSignature(
          [signingKey(new Secret(secret), 'x')],
          'm-1',
          at.getTime() / 1000,
          Buffer.from(body),
        );
        expect(ours).toBe(new Webhook(secret).sign('m-1', at, body));
      }),
    );
  });

  it('verifies with either secret while they are rotated', () => {
    const timestamp = Math.floor(Date.now() / 1000);
    const keys = [OLD, NEW].map((secret) => signingKey(new Secret(secret), 'x'));
    const signature = webhookSignature(keys, 'm-1', timestamp, Buffer.from('{"a":1}'));
    expect(new Webhook(OLD).verify('{"a":1}', headers(signature, timestamp))).toEqual({ a: 1 });
    expect(new Webhook(NEW).verify('{"a":1}', headers(signature, timestamp))).toEqual({ a: 1 });
    expect(() => new Webhook(NEW).verify('{"a":2}', headers(signature, timestamp))).toThrow();
  });
});

describe('a signing secret', () => {
  it('is UTF-8 where it has no prefix', () => {
    expect(signingKey(new Secret('Schlüssel'), 'x')).toEqual(Buffer.from('Schlüssel', 'utf8'));
  });

  it('is taken as it is where the prefix stands elsewhere, and as base64 without padding', () => {
    expect(signingKey(new Secret('key-whsec_'), 'x')).toEqual(Buffer.from('key-whsec_', 'utf8'));
    expect(signingKey(new Secret('whsec_YQ'), 'x')).toEqual(Buffer.from('a'));
    expect(signingKey(new Secret('whsec_YWI'), 'x')).toEqual(Buffer.from('ab'));
    expect(signingKey(new Secret('whsec_YWJj'), 'x')).toEqual(Buffer.from('abc'));
  });

  it.each(['', 'whsec_', 'whsec_not base64', 'whsec_abcde'])('is refused without being shown: %j', (text) => {
    const refuse = () => signingKey(new Secret(text), 'targets.soar.signing.secrets.0');
    expect(refuse).toThrow(HuntwireError);
    expect(refuse).toThrow(/^targets\.soar\.signing\.secrets\.0: (?!.*(not base64|abcde))/);
  });
});
