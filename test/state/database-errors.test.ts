import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import { toDatabaseError } from '../../src/state/postgres/state-error.ts';

const NAME = 'the database x at db:5432';
const thrown = (code: string, message = 'x') => Object.assign(new Error(message), code === '' ? {} : { code });

describe('what Postgres or a socket throws', () => {
  it.each([
    ['53100', 'x', 'STATE_FULL', true, 'its disk is full'],
    ['40P01', 'x', 'STATE_BUSY', true, 'is busy'],
    ['57P01', 'x', 'STATE_BUSY', true, 'cannot be reached now'],
    ['08006', 'x', 'STATE_BUSY', true, 'cannot be reached now'],
    ['53300', 'x', 'STATE_BUSY', true, 'cannot be reached now'],
    ['ECONNREFUSED', 'x', 'STATE_BUSY', true, 'cannot be reached now'],
    ['', 'Connection terminated unexpectedly', 'STATE_BUSY', true, 'cannot be reached now'],
    ['ENOTFOUND', 'x', 'STATE_FAILED', true, 'nobody knows its host'],
    ['28P01', 'x', 'STATE_FAILED', false, 'refuses the login'],
    ['3D000', 'x', 'STATE_FAILED', false, 'does not exist'],
    ['25006', 'x', 'STATE_FAILED', true, 'can only be read'],
    ['42501', 'x', 'STATE_FAILED', false, 'needs CREATE and USAGE'],
    ['42P05', 'prepared statement "huntwire-7" already exists', 'STATE_FAILED', false, 'PgBouncer in transaction mode'],
    ['26000', 'prepared statement "huntwire-7" does not exist', 'STATE_FAILED', false, 'PgBouncer in transaction mode'],
    ['XX000', 'odd', 'STATE_FAILED', false, 'failed: odd'],
  ])('as %s (%s) is %s', (sign, message, code, retryable, words) => {
    const error = toDatabaseError(thrown(sign, message), NAME);
    expect(error).toMatchObject({ code, retryable, message: expect.stringContaining(words) });
    expect(error.message).toMatch(/^The database x at db:5432 /);
  });

  it('is left alone where it is ours', () => {
    const ours = new HuntwireError('STATE_GONE', 'gone');
    expect(toDatabaseError(ours, NAME)).toBe(ours);
  });
});
