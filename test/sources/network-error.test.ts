import { describe, expect, it } from '@jest/globals';
import { networkFailureKind, networkReason } from '../../src/sources/network-error.ts';

const coded = (code: string, message = 'm', more: object = {}) => Object.assign(new Error(message), { code, ...more });

describe('network errors', () => {
  it.each([
    [coded('UND_ERR_HEADERS_TIMEOUT'), 'timeout'],
    [coded('UND_ERR_BODY_TIMEOUT'), 'timeout'],
    [coded('ENOTFOUND'), 'name'],
    [new Error('fetch failed', { cause: coded('EAI_AGAIN') }), 'name'],
    [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls'],
    [coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls'],
    [coded('UND_ERR_CONNECT_TIMEOUT'), 'network'],
    [coded('ECONNRESET'), 'network'],
    [Object.assign(new Error(''), { errors: [coded('ECONNREFUSED')] }), 'network'],
    ['text', 'network'],
    [null, 'network'],
  ])('%s is %s', (error, failure) => {
    expect(networkFailureKind(error)).toBe(failure);
  });

  it('gives words for what is known, else the innermost message with its code', () => {
    expect(networkReason(new Error('outer', { cause: coded('ECONNRESET', 'inner') }))).toBe(
      'the connection was reset (ECONNRESET)',
    );
    expect(
      networkReason(Object.assign(new Error(''), { errors: [coded('ECONNREFUSED', 'connect ECONNREFUSED')] })),
    ).toBe('the connection was refused (ECONNREFUSED)');
    expect(networkReason(new Error('outer', { cause: coded('E_NEW', 'inner') }))).toBe('inner (E_NEW)');
    expect(networkReason('text')).toBe('text');
  });

  it('ends on causes that go round', () => {
    const error: Error & { cause?: unknown } = new Error('round');
    error.cause = error;
    expect(networkReason(error)).toBe('round');
  });
});
