import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { HuntwireError, toHuntwireError } from '../../src/lib/errors.ts';

describe('toHuntwireError', () => {
  it('leaves our own errors as they are', () => {
    const own = new HuntwireError('STATE_BUSY', 'busy', { retryable: true });
    expect(toHuntwireError(own)).toBe(own);
  });

  it('knows aborts and messages of errors from another realm', () => {
    const abort: unknown = runInNewContext("Object.assign(new Error('x'), { name: 'AbortError' })");
    expect(abort instanceof Error).toBe(false);
    expect(toHuntwireError(abort)).toMatchObject({ code: 'ABORTED', retryable: true, cause: abort });
    expect(toHuntwireError(runInNewContext("new TypeError('no such thing')"))).toMatchObject({
      code: 'INTERNAL',
      message: 'no such thing',
    });
  });

  it("knows a signal's own reason", () => {
    expect(toHuntwireError(AbortSignal.abort().reason).code).toBe('ABORTED');
  });

  it.each([
    ['text', 'text'],
    [null, 'null'],
    [undefined, 'undefined'],
    [7, '7'],
  ])('takes %p that is no error', (thrown, message) => {
    expect(toHuntwireError(thrown)).toMatchObject({ code: 'INTERNAL', message });
  });
});
