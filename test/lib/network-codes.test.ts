import { describe, expect, it } from '@jest/globals';
import { errorChain, errorCodes, NAME_CODES, TLS_CODE } from '../../src/lib/network-codes.ts';

const coded = (code: string, more: object = {}) => Object.assign(new Error('m'), { code, ...more });

describe('errorCodes', () => {
  it('walks causes and the errors of each address, outermost first', () => {
    const both = Object.assign(new Error(''), { errors: [coded('ECONNREFUSED'), coded('EHOSTUNREACH')] });
    expect(errorCodes(coded('OUTER', { cause: both }))).toEqual(['OUTER', 'ECONNREFUSED', 'EHOSTUNREACH']);
  });

  it('ends on causes that go round and on very long chains', () => {
    const round: Error & { cause?: unknown } = new Error('round');
    round.cause = round;
    expect(errorChain(round)).toEqual([round]);
    let long: unknown = null;
    for (let index = 0; index < 1000; index += 1) long = { cause: long };
    expect(errorChain(long)).toHaveLength(20);
  });

  it('takes what is no error', () => {
    expect([errorCodes('text'), errorCodes(null), errorCodes({ code: 7 })]).toEqual([[], [], []]);
  });
});

describe('the lists', () => {
  it('tell names from certificates', () => {
    expect(['ENOTFOUND', 'EAI_AGAIN', 'ESERVFAIL'].every((code) => NAME_CODES.has(code))).toBe(true);
    expect(['CERT_HAS_EXPIRED', 'EPROTO', 'INVALID_CA', 'ERR_SSL_WRONG'].every((code) => TLS_CODE.test(code))).toBe(
      true,
    );
    expect(['ECONNRESET', 'EPROTONOSUPPORT', 'INVALID_CANDY'].some((code) => TLS_CODE.test(code))).toBe(false);
  });
});
