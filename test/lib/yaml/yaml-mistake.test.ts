import { describe, expect, it } from '@jest/globals';
import { parseYaml } from '../../../src/lib/yaml/parse-yaml.ts';

const say = (text: string): readonly string[] =>
  parseYaml('rule.yaml', text, 'RULE_INVALID').problems.map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );

const TOO_DEEP =
  'This line is indented further than the one above it, which holds a value already: begin both in the same column.';
const NO_LEVEL = 'This line fits no level of indentation above it: begin it in the column of the keys it belongs to.';
const NO_KEY =
  'This line is no "key: value". A text of several lines has "|" behind its key, and all of its lines are indented.';
const NO_ENTRY =
  'This line is neither an entry of the list, which begins with "- ", nor in the column of the entry above.';

describe('what is wrong with a YAML text', () => {
  it.each([
    ['one bad indent', 'id: a\nname: C\n description: d\nseverity: high\n', `3:2 ${TOO_DEEP}`],
    ['the same with CRLF', 'id: a\r\nname: C\r\n description: d\r\nseverity: high\r\n', `3:2 ${TOO_DEEP}`],
    ['too little indentation', 'alert:\n  title: a\n suppress: 4h\nx: 1\n', `3:1 ${NO_LEVEL}`],
    [
      'a colon in a text',
      'id: a\ntitle: foo: bar\nb: 1\n',
      '2:8 The text holds ": ", which begins a map: put it in quotes.',
    ],
    ['no space behind a colon', 'id: a\ntitle:foo\nb: 1\n', '2:1 A space is missing behind "title:".'],
    ['a tab', 'id: a\nalert:\n\ttitle: b\nx: 1\n', '3:1 YAML takes no tabs for indentation: use spaces.'],
    [
      'a quote that is not closed',
      'id: a\ntitle: "foo\nb: 1\nc: 2\n',
      '2:8 The text that begins here has no closing ".',
    ],
    ['an escaped quote behind it', 'id: a\ntitle: "foo\nb: \\"x\n', '2:8 The text that begins here has no closing ".'],
    ['a brace that is not closed', 'id: a\nalert: {title: "x"\nb: 1\n', '3:1 A "}" is missing before this line.'],
    ['a bracket that is not closed', 'id: a\nattack: [T1059, T1204\nb: 1\n', '3:1 A "]" is missing before this line.'],
    ['a brace too many', 'id: a\nschedule: {every: 1h}}\nb: 1\n', '2:22 This "}" closes nothing.'],
    ['a text that begins with @', 'id: a\nx: @foo\n', '2:4 A text that begins with "@" must be in quotes.'],
    [
      'a template without quotes',
      'id: a\ntitle: {{Device}} x\n',
      '2:19 A text that begins with "{{" must be in quotes.',
    ],
    [
      'a reference without quotes',
      'state: {path: ${env:WHERE}}\n',
      '1:16 A text that begins with "${" must be in quotes.',
    ],
    [
      'an apostrophe in quotes',
      "id: a\ntitle: 'foo's bar'\n",
      '2:13 Something follows a value that has ended already: put the whole text in quotes.',
    ],
    [
      'a Windows path',
      'id: a\nq: "C:\\Users"\n',
      '2:7 "\\U" means nothing within double quotes. Write \\\\ for a backslash, or use single quotes.',
    ],
    ['a query without "|"', 'id: a\nquery: DeviceEvents\n| where x == 1\nb: 1\n', `3:1 ${NO_KEY}`],
    ['a query that is not indented', 'id: a\nquery: |\nA\n| where x\nc: 1\n', `3:1 ${NO_KEY}`],
    ['an entry out of line', 'id: a\ntests:\n  - name: a\n   rows: []\nc: 1\n', `4:4 ${NO_ENTRY}`],
    [
      'a merge conflict',
      '<<<<<<< HEAD\nid: a\n=======\nid: b\n>>>>>>> x\n',
      '1:1 A merge conflict was left here: resolve it.',
    ],
  ])('is one line for one mistake: %s', (_, text, line) => {
    expect(say(text)).toEqual([line]);
  });

  it('is told of each document of a file', () => {
    expect(say('a: 1\n b: 2\n---\nc: @x\n')).toEqual([
      `2:2 ${TOO_DEEP}`,
      '4:4 A text that begins with "@" must be in quotes.',
    ]);
  });
});
