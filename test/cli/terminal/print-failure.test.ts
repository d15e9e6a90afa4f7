import { describe, expect, it } from '@jest/globals';
import { printFailure } from '../../../src/cli/terminal/print-failure.ts';
import { HuntwireError, type Problem } from '../../../src/lib/errors.ts';
import { createFakeWorld } from '../fake-world.ts';

const problem = (file: string | null, line: number | null, message: string): Problem => ({
  file,
  line,
  column: line === null ? null : 3,
  code: 'CONFIG_INVALID',
  message,
});

function told(problems: readonly Problem[], format = 'text'): { readonly out: string; readonly err: string } {
  const world = createFakeWorld('/srv/here');
  printFailure(world, new HuntwireError('CONFIG_INVALID', 'All of it.', { problems }), format);
  return { out: world.out(), err: world.err() };
}

describe('a failure for a person', () => {
  it('is one line for one mistake, with its place as editors link it', () => {
    expect(told([problem('/srv/here/huntwire.yaml', 2, 'Unknown key "soruce".')]).err).toBe(
      'huntwire: huntwire.yaml:2:3: Unknown key "soruce". [CONFIG_INVALID]\n',
    );
    expect(told([problem(null, null, 'No place.')]).err).toBe('huntwire: No place. [CONFIG_INVALID]\n');
    expect(told([]).err).toBe('huntwire: All of it. [CONFIG_INVALID]\n');
  });

  it('tells how many problems there are before it lists them, by file and place', () => {
    const { err } = told([
      problem('/srv/here/b.yaml', 9, 'Second of b.'),
      problem('/srv/here/b.yaml', 1, 'First of b.'),
      problem('/srv/here/a.yaml', null, 'Of a.'),
    ]);
    expect(err.split('\n')).toEqual([
      'huntwire: 3 problems in 2 files, nothing was done. [CONFIG_INVALID]',
      'b.yaml',
      '  1:3  First of b.',
      '  9:3  Second of b.',
      'a.yaml',
      '  Of a.',
      '',
    ]);
  });

  it('names the only file at the top, and forges no line by a name', () => {
    const { err } = told([
      problem('/srv/here/a\n::error::x.yaml', 1, 'One.'),
      problem('/srv/here/a\n::error::x.yaml', 2, 'Two.'),
    ]);
    expect(err).toMatch(/^huntwire: 2 problems in a.{1,4}::error::x\.yaml, nothing was done\. \[CONFIG_INVALID\]\n/);
    expect(err.split('\n')).toHaveLength(5);
  });

  it('is one document on stdout where JSON was asked for', () => {
    const { out, err } = told([problem('/srv/here/huntwire.yaml', 2, 'x')], 'json');
    expect(JSON.parse(out)).toMatchObject({
      error: { code: 'CONFIG_INVALID', message: 'All of it.', problems: [{ line: 2 }] },
    });
    expect(err).toBe('');
  });
});
