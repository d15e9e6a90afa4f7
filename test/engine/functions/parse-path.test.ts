import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

describe('paths, records and versions', () => {
  it.each([
    [
      'parse_path(@"C:\\Windows\\System32\\cmd.exe")',
      {
        Scheme: '',
        RootPath: 'C:\\',
        DirectoryPath: 'C:\\Windows\\System32',
        DirectoryName: 'System32',
        Filename: 'cmd.exe',
        Extension: 'exe',
        AlternateDataStreamName: '',
      },
    ],
    ['parse_path("file://C:/temp/a.txt:ads").AlternateDataStreamName', 'ads'],
    ['parse_path("file:///c:/a/b.txt").DirectoryPath', 'c:/a'],
    ['parse_path("file:///c:/a/b.txt").AlternateDataStreamName', ''],
    ['parse_path("https://host:8080/p/f.html").Filename', 'f.html'],
    ['parse_path("https://host:8080/p/f.html").AlternateDataStreamName', ''],
    ['parse_path("/usr/lib/x").DirectoryPath', '/usr/lib'],
    ['parse_path("x.tar.gz").Extension', 'gz'],
    ['parse_path("noext").Extension', ''],
    ['parse_path("").Filename', ''],
    ['parse_csv("a,\\"b,\\"\\"c\\"\\"\\",,d")', ['a', 'b,"c"', '', 'd']],
    ['parse_csv("a,b\\nc,d")', ['a', 'b']],
    ['parse_csv("")', ['']],
    ['parse_csv("\\"x\\ny\\",z")', ['x\ny', 'z']],
    ['parse_version("1.2.3.4")', '1000000020000000300000004'],
    ['parse_version("1")', '1000000000000000000000000'],
    ['parse_version("1.10") > parse_version("1.9.99")', true],
    ['parse_version("1.2.3.4.5")', null],
    ['parse_version("a.b")', null],
    ['parse_version("")', null],
    [
      'parse_command_line(@\'"C:\\Program Files\\x.exe" -a "b c" d\\\\e\', "windows")',
      ['C:\\Program Files\\x.exe', '-a', 'b c', 'd\\\\e'],
    ],
    ['parse_command_line(\'a "b \\\\" c" ""\', "Windows")', ['a', 'b " c', '']],
    ['parse_command_line(@\'a\\\\\\\\"b c"\', "windows")', ['a\\\\b c']],
    ['parse_command_line("", "windows")', null],
    ['parse_command_line("a", "posix")', null],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});
