import { describe, expect, it } from '@jest/globals';
import { resultOfAnswer, verdictOf } from '../../../src/targets/webhook/webhook-answer.ts';

const reading = { now: Date.parse('2026-11-05T09:00:00Z'), shown: (text: string) => text };
const AGAIN = [408, 425, 429];
const BLOCKED = [401, 403, 404, 405, 407, 410, 495, 496, 497];

function expected(status: number): string {
  if (AGAIN.includes(status)) return 'again';
  if (BLOCKED.includes(status)) return 'blocked';
  return { 1: 'again', 2: 'delivered', 3: 'blocked', 4: 'refused', 5: 'again' }[Math.floor(status / 100)] ?? '';
}

describe('the table of answers', () => {
  it.each(Array.from({ length: 500 }, (_, at) => at + 100))('decides status %i', (status) => {
    expect(verdictOf(status)).toBe(expected(status));
  });

  it('takes a status that is no status for no answer', () => {
    expect([0, 99, 600, 999].map((status) => verdictOf(status))).toEqual(['again', 'again', 'again', 'again']);
  });

  it('says that redirects are not followed of those alone', () => {
    const told = (status: number) => {
      const result = resultOfAnswer({ status, retryAfter: null, text: '', isWhole: true }, reading);
      return result.kind !== 'delivered' && result.reason.includes('redirects');
    };
    const statuses = Array.from({ length: 900 }, (_, status) => status).filter(told);
    expect([statuses.length, statuses.at(0), statuses.at(-1)]).toEqual([100, 300, 399]);
  });

  it('carries status, reason, the answer of a refusal and the time of a retry', () => {
    const answer = { retryAfter: '7', text: 'no such field', isWhole: true };
    expect(resultOfAnswer({ ...answer, status: 204 }, reading)).toEqual({ kind: 'delivered' });
    expect(resultOfAnswer({ ...answer, status: 503 }, reading)).toEqual({
      kind: 'again',
      reason: 'the webhook answered 503',
      status: 503,
      retryAfterMs: 7000,
    });
    expect(resultOfAnswer({ ...answer, status: 302 }, reading)).toEqual({
      kind: 'blocked',
      reason: 'the webhook answered 302, and redirects are not followed',
      status: 302,
      retryAfterMs: 7000,
    });
    expect(resultOfAnswer({ ...answer, status: 422 }, reading)).toEqual({
      kind: 'refused',
      reason: 'the webhook answered 422',
      status: 422,
      answer: 'no such field',
    });
  });
});

describe('a 400 that is about the connection', () => {
  const page = (title: string) => `<html>\r\n<head><title>400 ${title}</title></head>`;
  const answered = (status: number, text: string) =>
    resultOfAnswer({ status, retryAfter: null, text, isWhole: true }, { now: 0, shown: (one) => one });

  it.each([
    [page('No required SSL certificate was sent'), 'wants a client certificate'],
    [page('The SSL certificate error'), 'does not take the client certificate'],
    [page('The plain HTTP request was sent to HTTPS port'), 'speaks TLS'],
    ["Reason: You're speaking plain HTTP to an SSL-enabled server port.", 'speaks TLS'],
    ['Client sent an HTTP request to an HTTPS server.\n', 'speaks TLS'],
  ])('blocks the target: %s', (text, reason) => {
    expect(answered(400, text)).toMatchObject({
      kind: 'blocked',
      status: 400,
      reason: expect.stringContaining(reason),
    });
  });

  it('is none of another text or status', () => {
    expect(answered(400, page('Bad Request'))).toMatchObject({ kind: 'refused', status: 400 });
    expect(answered(422, page('The SSL certificate error'))).toMatchObject({ kind: 'refused', status: 422 });
    expect([495, 496, 497].map((status) => answered(status, '').kind)).toEqual(['blocked', 'blocked', 'blocked']);
  });
});
