import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { createMask } from '../../../src/lib/mask.ts';
import { type LoginFailure, loginError } from '../../../src/sources/auth/entra-errors.ts';
import { networkReason } from '../../../src/sources/network-error.ts';

const login = (thrown: unknown, over: Partial<LoginFailure> = {}) =>
  loginError({
    thrown,
    failure: null,
    refusal: null,
    isAnswered: true,
    host: 'login.example',
    mask: createMask([]),
    ...over,
  });

const coded = (code: string, message = 'x', cause?: unknown) => Object.assign(new Error(message, { cause }), { code });

describe('a refused login', () => {
  it.each([
    [7000215, 'set auth.clientSecret to the value'],
    [7000222, 'make a new one'],
    [700016, 'check auth.clientId and auth.tenantId'],
    [90002, 'check auth.tenantId and source.cloud'],
    [900023, 'The tenant id is malformed'],
    [700027, 'upload auth.certificateFile'],
    [700024, 'check the clock of this machine'],
    [70021, 'check its issuer, subject and audience'],
    [700213, 'check its issuer, subject and audience'],
    [700211, 'fits the issuer of the token'],
    [500011, 'no service principal in this tenant'],
    [65001, 'has not consented'],
    [53003, 'Conditional Access'],
    [7000112, 'enable it'],
    [1002012, 'must end in /.default'],
    [1234567, 'Check auth.'],
  ])('with AADSTS%i says what to do, by its number or by its text', (number, advice) => {
    for (const thrown of [
      { errorNo: String(number), errorCode: 'invalid_client', errorMessage: 'no', status: 400 },
      { errorNo: number, errorCode: 'invalid_client', errorMessage: 'no', status: 400 },
      { errorCode: 'invalid_client', errorMessage: `AADSTS${number}: no`, status: 401 },
    ])
      expect(login(thrown)).toMatchObject({ code: 'SOURCE_AUTH', message: expect.stringContaining(advice) });
  });

  it('is told in its own words, without what msal puts around them', () => {
    const errorMessage =
      'Error(s): 7 - Timestamp: t - Description: AADSTS7: the words - Correlation ID: c - Trace ID: d';
    expect(login({ errorMessage, errorCode: 'x', status: 400 }).message).toBe(
      'login.example gave no token. Check auth. It said: AADSTS7: the words',
    );
    expect(login({ errorCode: 'only_a_code', status: 400 }).message).toContain('It said: ');
  });

  it.each([
    [{ status: 429, errorCode: 'x' }, true],
    [{ status: 500, errorCode: 'x' }, true],
    [{ status: 499, errorCode: 'x' }, false],
    [{ errorCode: '' }, true],
    [{ errorCode: '90055' }, true],
    [{ errorCode: 'temporarily_unavailable' }, true],
    [{ errorCode: 'server_error' }, true],
    [{ errorCode: 'invalid_client' }, false],
    [null, true],
  ])('as %j passes by itself: %s', (thrown, passes) => {
    expect(login(thrown)).toMatchObject({ code: passes ? 'SOURCE_SERVER' : 'SOURCE_AUTH', retryable: passes });
  });

  it('shows no secret, and an empty one changes nothing', () => {
    const thrown = { errorCode: 'x', errorMessage: 'you sent hunter22', status: 400 };
    expect(login(thrown, { mask: createMask(['', 'hunter22']) }).message).toMatch(/It said: you sent \*\*\*$/);
  });

  it('by a tenant that does not exist says so, whatever the library makes of it', () => {
    const thrown = { errorCode: 'endpoints_resolution_error', errorMessage: 'Not Available' };
    const text = "AADSTS90002: Tenant 'x' not found.";
    const sentence = `login.example gave no token. The tenant does not exist: check auth.tenantId and source.cloud. It said: ${text}`;
    expect(login(thrown, { refusal: { status: 400, text } })).toMatchObject({
      code: 'SOURCE_AUTH',
      message: sentence,
      advice: 'The tenant does not exist: check auth.tenantId and source.cloud.',
    });
    expect(login(thrown, { refusal: { status: 404, text: '{}' } }).message).toContain('The tenant does not exist:');
    expect(login(thrown, { refusal: { status: 503, text: 'down' } })).toMatchObject({ code: 'SOURCE_SERVER' });
  });

  it('that is ours already passes', () => {
    const ours = new HuntwireError('ABORTED', 'stop');
    expect(login(ours)).toBe(ours);
  });
});

describe('a login host that is not reached', () => {
  it('says why, and a certificate that is not trusted is for a person', () => {
    const refused = login({}, { failure: coded('ECONNREFUSED') });
    expect(refused).toMatchObject({ code: 'SOURCE_NETWORK', retryable: true });
    expect(refused.message).toContain(
      'Nothing listens there: check host and port in auth.authority, or source.cloud, and that it runs.',
    );
    const untrusted = login({}, { failure: coded('SELF_SIGNED_CERT_IN_CHAIN') });
    expect(untrusted).toMatchObject({ retryable: false, message: expect.stringContaining('auth.caFile') });
  });

  it('which speaks no TLS is told so, and nothing of OpenSSL', () => {
    const failure = coded(
      'ERR_SSL_WRONG_VERSION_NUMBER',
      '80C:error:0A00010B:SSL routines:ssl3_get_record:wrong version',
    );
    expect(login({}, { failure }).message).toBe(
      'The login host login.example was not reached: the port speaks no TLS (ERR_SSL_WRONG_VERSION_NUMBER). Check the port in auth.authority, or source.cloud; where it is to be without TLS, begin auth.authority with http:// (a stand-in on this machine only).',
    );
  });

  it.each([
    ['ECONNRESET', false, true],
    ['ECONNRESET', true, false],
    ['ECONNREFUSED', false, false],
  ])('by %s, answered before: %s, may have heard it: %s', (code, isAnswered, unanswered) => {
    expect(login({}, { failure: coded(code), isAnswered }).unanswered).toBe(unanswered);
  });
});

describe('the reason of a network error', () => {
  it('is the innermost message with the innermost code', () => {
    expect(networkReason(coded('OUTER', 'fetch failed', coded('INNER', 'connect failed')))).toBe(
      'connect failed (INNER)',
    );
    expect(networkReason(coded('INNER', 'connect INNER 1'))).toBe('connect INNER 1');
    expect(networkReason('text')).toBe('text');
  });
});
