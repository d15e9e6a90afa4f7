import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { HuntwireError, toHuntwireError, withoutAdvice, withServiceTime } from '../../src/lib/errors.ts';

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

describe('what an error advises', () => {
  it('is a part of its message, told by itself to those who show both, and outlives the time that is added', () => {
    const error = new HuntwireError('SOURCE_AUTH', 'No token. Check auth. It said: no', { advice: 'Check auth.' });
    expect(withoutAdvice(error)).toBe('No token. It said: no');
    expect(withServiceTime(error, 5)).toMatchObject({ advice: 'Check auth.', serviceTime: 5 });
    expect(withoutAdvice(new HuntwireError('USAGE', 'no'))).toBe('no');
  });
});
