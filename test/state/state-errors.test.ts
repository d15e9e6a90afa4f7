import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import { toStateError } from '../../src/state/sqlite/state-error.ts';

const thrown = (code: string | null, message = 'x') => Object.assign(new Error(message), code === null ? {} : { code });

describe('what SQLite or the file system throws', () => {
  it.each([
    ['SQLITE_BUSY', 'STATE_BUSY', true, 'is locked by another process'],
    ['SQLITE_BUSY_SNAPSHOT', 'STATE_BUSY', true, 'is locked'],
    ['SQLITE_LOCKED', 'STATE_BUSY', true, 'is locked'],
    ['SQLITE_FULL', 'STATE_FULL', true, 'the disk is full'],
    ['ENOSPC', 'STATE_FULL', true, 'the disk is full'],
    ['EDQUOT', 'STATE_FULL', true, 'the disk is full'],
    ['SQLITE_CORRUPT', 'STATE_FAILED', false, 'is damaged or no database'],
    ['SQLITE_NOTADB', 'STATE_FAILED', false, 'is damaged or no database'],
    ['SQLITE_READONLY', 'STATE_FAILED', false, 'for reading only'],
    ['EROFS', 'STATE_FAILED', false, 'for reading only'],
    ['SQLITE_CANTOPEN', 'STATE_FAILED', false, 'cannot be opened'],
    ['SQLITE_PERM', 'STATE_FAILED', false, 'cannot be opened'],
    ['SQLITE_AUTH', 'STATE_FAILED', false, 'cannot be opened'],
    ['EACCES', 'STATE_FAILED', false, 'cannot be opened'],
    ['EPERM', 'STATE_FAILED', false, 'cannot be opened'],
    ['ENOENT', 'STATE_FAILED', false, 'cannot be opened'],
    ['ENOTDIR', 'STATE_FAILED', false, 'cannot be opened'],
    ['EEXIST', 'STATE_FAILED', false, 'cannot be opened'],
    ['EISDIR', 'STATE_FAILED', false, 'cannot be opened'],
    ['SQLITE_IOERR_WRITE', 'STATE_FAILED', true, 'cannot be read or written'],
    ['SQLITE_MISUSE', 'STATE_FAILED', false, 'failed: x'],
  ])('as %s is %s', (sign, code, retryable, words) => {
    const error = toStateError(thrown(sign), '/data/state.db');
    expect(error).toMatchObject({ code, retryable, message: expect.stringContaining(words) });
    expect(error.message).toMatch(/^The state file \/data\/state\.db /);
    expect(error.cause).toMatchObject({ code: sign });
  });

  it.each([
    ['SQLITE_IOERR_SHMSIZE', 'full', 'STATE_FULL', 'the disk is full'],
    ['SQLITE_CANTOPEN', 'read-only', 'STATE_FAILED', 'mounted for reading only'],
    ['SQLITE_IOERR_READ', null, 'STATE_FAILED', 'check the disk'],
    ['SQLITE_CORRUPT', 'full', 'STATE_FAILED', 'is damaged'],
  ] as const)('%s on a disk that is %s is %s', (code, disk, expected, words) => {
    const error = toStateError(Object.assign(new Error('x'), { code }), '/data/state.db', () => disk);
    expect(error).toMatchObject({ code: expected, message: expect.stringContaining(words) });
  });

  it('is also known by its message alone', () => {
    expect(toStateError(thrown(null, 'SQLITE_BUSY: database is locked'), 'p')).toMatchObject({ code: 'STATE_BUSY' });
    expect(toStateError(thrown(null, 'ConnectionFailed("no")'), 'p').message).toContain('cannot be opened');
    expect(toStateError('a text', 'p')).toMatchObject({
      code: 'STATE_FAILED',
      message: 'The state file p failed: a text',
    });
    expect(toStateError(null, 'p').message).toBe('The state file p failed: null');
  });

  it('is the first of its causes that is known, where it names several', () => {
    expect(toStateError(thrown('SQLITE_BUSY', 'EACCES below'), 'p')).toMatchObject({ code: 'STATE_BUSY' });
    expect(toStateError(thrown('SQLITE_IOERR', 'no space: ENOSPC'), 'p')).toMatchObject({ code: 'STATE_FULL' });
  });

  it('passes as it is where it is ours already', () => {
    const ours = new HuntwireError('STATE_GONE', 'gone');
    expect(toStateError(ours, 'p')).toBe(ours);
  });
});
