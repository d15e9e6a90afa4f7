import { describe, expect, it } from '@jest/globals';
import { createSuccess, type SuccessSettings } from '../../../src/targets/webhook/answer-success.ts';
import { resultOfAnswer } from '../../../src/targets/webhook/webhook-answer.ts';

async function read(settings: SuccessSettings, status: number, text = '', isWhole = true) {
  const answer = { status, text, isWhole, retryAfter: null };
  const byStatus = resultOfAnswer(answer, { now: 0, shown: (shown) => shown });
  return createSuccess(settings, 'targets.soar.success')(answer, byStatus);
}

const kind = async (...given: Parameters<typeof read>) => (await read(...given)).kind;

describe('what counts as taken', () => {
  it('is what the statuses name; another 2xx is tried again, the rest means what it always means', async () => {
    const settings = { status: ['202', '409'] };
    const kinds = [202, 409, 200, 404, 422, 500].map((status) => kind(settings, status));
    expect(await Promise.all(kinds)).toEqual(['delivered', 'delivered', 'again', 'blocked', 'refused', 'again']);
    expect([await kind({ status: ['2xx'] }, 204), await kind({ status: ['2xx'] }, 304)]).toEqual([
      'delivered',
      'blocked',
    ]);
  });

  it('is what the body says, as JSON or text', async () => {
    expect(await kind({ body: 'ok = true' }, 200, '{"ok":true}')).toBe('delivered');
    expect(await kind({ body: '$ = "ok"' }, 200, 'ok')).toBe('delivered');
    expect(await read({ body: 'ok = true' }, 200, '{"ok":false}')).toEqual({
      kind: 'again',
      reason: 'the webhook answered 200, and success.body does not hold',
      status: 200,
      retryAfterMs: null,
    });
    expect(await kind({ body: 'ok' }, 200, '{"ok":"yes"}')).toBe('again');
    expect(await kind({ body: 'true' }, 500)).toBe('again');
    expect(await kind({ body: 'true' }, 422)).toBe('refused');
  });

  it('is nothing that cannot be read', async () => {
    expect(await read({ body: 'true' }, 200, '{', false)).toMatchObject({ reason: expect.stringContaining('cut') });
    expect(await read({ body: '1 + "a"' }, 200)).toMatchObject({
      reason: expect.stringContaining('success.body failed'),
    });
    expect(() => createSuccess({ body: '(' }, 'here')).toThrow(/^here\.body: /);
  });
});
