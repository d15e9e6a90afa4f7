import { afterEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { request } from 'undici';
import { type ReceivedPost, type Receiver, startWebhookReceiver } from '../../src/emulator/webhook-receiver.ts';

const SECRET = `whsec_${Buffer.from('a secret that nobody knows').toString('base64')}`;
const NOW = Date.parse('2026-01-10T12:00:00Z');

let open: Receiver[] = [];
afterEach(async () => {
  await Promise.all(open.map((receiver) => receiver.close()));
  open = [];
});

async function start() {
  const posts: ReceivedPost[] = [];
  const receiver = await startWebhookReceiver({ secret: SECRET, now: () => NOW, onPost: (post) => posts.push(post) });
  open.push(receiver);
  return { receiver, posts };
}

async function send(receiver: Receiver, body: string, headers: Record<string, string>, method = 'POST') {
  const answer = await request(`http://127.0.0.1:${receiver.port}/alerts`, { method: method as 'POST', headers, body });
  await answer.body.dump();
  return answer.statusCode;
}

function signed(body: string, at = NOW, secret = SECRET): Record<string, string> {
  const time = new Date(at);
  return {
    'webhook-id': 'm-1',
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(secret).sign('m-1', time, body),
  };
}

describe('the webhook receiver', () => {
  it('accepts what the reference library signs', async () => {
    const { receiver, posts } = await start();
    expect(await send(receiver, '{"ä":1}', signed('{"ä":1}'))).toBe(204);
    expect(posts).toEqual([{ messageId: 'm-1', verified: true, body: '{"ä":1}' }]);
  });

  it('accepts one fitting signature among several', async () => {
    const { receiver } = await start();
    const headers = signed('{}');
    headers['webhook-signature'] = `v1,AAAA v1a,${headers['webhook-signature']} ${headers['webhook-signature']}`;
    expect(await send(receiver, '{}', headers)).toBe(204);
  });

  it.each([
    ['another body', () => signed('{"a":2}')],
    ['another secret', () => signed('{"a":1}', NOW, `whsec_${Buffer.from('some other secret').toString('base64')}`)],
    ['an old time', () => signed('{"a":1}', NOW - 301_000)],
    ['a time to come', () => signed('{"a":1}', NOW + 301_000)],
    ['another id', () => ({ ...signed('{"a":1}'), 'webhook-id': 'm-2' })],
    ['no signature', () => ({ 'webhook-id': 'm-1', 'webhook-timestamp': String(NOW / 1000) })],
    ['nothing at all', () => ({})],
  ])('refuses and tells a post with %s', async (_, headers) => {
    const { receiver, posts } = await start();
    expect(await send(receiver, '{"a":1}', headers() as Record<string, string>)).toBe(401);
    expect(posts.map((post) => post.verified)).toEqual([false]);
  });

  it('takes posts only, and none without end', async () => {
    const { receiver, posts } = await start();
    expect(await send(receiver, '{}', signed('{}'), 'PUT')).toBe(405);
    expect(await send(receiver, 'x'.repeat(2_000_001), {})).toBe(413);
    expect(posts).toEqual([]);
  });
});
