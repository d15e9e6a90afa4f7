import { describe, expect, it } from '@jest/globals';
import { guarded, withoutCommands } from '../../../src/cli/terminal/guard.ts';

describe('the barrier before a terminal', () => {
  it('lets text, line breaks and colours through, and nothing else', () => {
    expect(guarded('\u001b[31mred\u001b[39m\tok\r\n\u001b[1;32mx\u001b[m\n')).toBe(
      '\u001b[31mred\u001b[39m\tok\n\u001b[1;32mx\u001b[m\n',
    );
    expect(guarded('a\u001b[2Jb\u001b]0;title\u0007c\u009b31md\u202ee')).toBe(
      'a\ufffd[2Jb\ufffd]0;title\ufffdc\ufffd31md\ufffde',
    );
  });
});

describe('lines in the log of a build', () => {
  it.each([
    ['::error file=a::b', ': :error file=a::b'],
    ['ok\n  ::set-output name=x::y', 'ok\n  : :set-output name=x::y'],
    ['::stop-commands::token', ': :stop-commands::token'],
    ['##[error]x', '# #[error]x'],
    ["##teamcity[buildProblem description='x']", "# #teamcity[buildProblem description='x']"],
    ['a ##vso[task.setvariable variable=x]y', 'a # #vso[task.setvariable variable=x]y'],
  ])('%j is no command', (line, shown) => expect(withoutCommands(line)).toBe(shown));

  it.each(['::1', '::ffff:10.0.0.1 was told', 'a ::error::', '## heading', 'rules/a.yaml:1:2 error'])(
    '%j stays as it is',
    (line) => expect(withoutCommands(line)).toBe(line),
  );
});
