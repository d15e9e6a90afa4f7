import { describe, expect, it } from '@jest/globals';
import { networkFailure, resultOfFailure } from '../../src/targets/network-failure.ts';

function failing(code: string, cause?: unknown): Error {
  return Object.assign(new Error(`connect ${code} 10.0.0.1 token=hunter22`, { cause }), { code });
}

describe('a network failure', () => {
  it.each([
    ['ECONNREFUSED', 'network', 'again'],
    ['ECONNRESET', 'network', 'again'],
    ['ETIMEDOUT', 'network', 'again'],
    ['UND_ERR_SOCKET', 'network', 'again'],
    ['E_NEVER_SEEN', 'network', 'again'],
    ['ENOTFOUND', 'dns', 'blocked'],
    ['EAI_AGAIN', 'dns', 'blocked'],
    ['CERT_HAS_EXPIRED', 'tls', 'blocked'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'blocked'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', 'blocked'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 'blocked'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'blocked'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls', 'blocked'],
    ['EPROTO', 'tls', 'blocked'],
    ['ERR_PRIVATE_ADDRESS', 'private-address', 'blocked'],
  ])('%s is of the kind %s and means %s', (code, kind, result) => {
    const failure = networkFailure(failing(code));
    expect(failure).toMatchObject({ kind, code });
    expect(resultOfFailure(failure)).toMatchObject({ kind: result, status: null, retryAfterMs: null });
    expect(failure.reason).not.toContain('hunter22');
    expect(failure.reason).not.toContain('10.0.0.1');
  });

  it('is found behind what wraps it', () => {
    expect(networkFailure(failing('UND_ERR_SOCKET', failing('CERT_HAS_EXPIRED')))).toMatchObject({ kind: 'tls' });
    const both = new AggregateError([failing('ECONNREFUSED'), failing('ENETUNREACH')], 'all failed');
    expect(networkFailure(both)).toMatchObject({ kind: 'network', code: 'ENETUNREACH' });
  });

  it('is named even when it is no error with a code', () => {
    for (const thrown of [new Error('x'), 'text', null, undefined]) {
      expect(networkFailure(thrown)).toEqual({ kind: 'network', code: null, reason: 'the connection failed' });
    }
  });

  it('ends with causes that turn in a circle', () => {
    const error = failing('ECONNRESET');
    error.cause = error;
    expect(networkFailure(error)).toMatchObject({ code: 'ECONNRESET' });
  });
});
