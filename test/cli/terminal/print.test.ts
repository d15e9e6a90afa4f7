import { describe, expect, it } from '@jest/globals';
import { oneLine, printData, printJson, printLine, printTable } from '../../../src/cli/terminal/print.ts';
import type { World } from '../../../src/cli/terminal/world.ts';

function printed(isTTY: boolean): string {
  let text = '';
  const stdout = { isTTY, columns: 80, write: (part: string) => (text += part) };
  const world = { stdout, env: {} } as unknown as World;
  printTable(
    world,
    ['STATE', 'NEXT'],
    [
      [{ colour: 'green', text: 'ok' }, 'a\u001b[2Jb'],
      ['failing', 'c'],
    ],
  );
  return text;
}

/** What a piped stdout gets of `print`. */
function piped(print: (world: World) => void, env: World['env'] = {}): string {
  let text = '';
  print({
    stdout: { isTTY: false, columns: 80, write: (part: string) => (text += part) },
    env,
  } as unknown as World);
  return text;
}

describe('names and texts of others', () => {
  it('forge no command to a build service, by a line break or at the beginning of a line', () => {
    const path = 'rules/a\n::error file=x::forged.yaml';
    expect(piped((world) => printLine(world, `${oneLine(path)}:1:1`))).toBe(
      'rules/a ::error file=x::forged.yaml:1:1\n',
    );
    expect(piped((world) => printLine(world, '::error::b.yaml:1:1'))).toBe(': :error::b.yaml:1:1\n');
  });

  it('cannot turn or hide what stands in JSON, which says the same', () => {
    const value = { file: 'a\u202eb\u009b2J\u007f', build: '##vso[task.complete]' };
    const shown = piped((world) => printJson(world, value));
    expect(shown).toBe('{"file":"a\\u202eb\\u009b2J\\u007f","build":"\\u0023#vso[task.complete]"}\n');
    expect(JSON.parse(shown)).toEqual(value);
  });
});

describe('data in a form of its own', () => {
  const csv = '::error file=x::forged,##vso[task.complete],"a\r\n::warning::b"\r\n';

  it('is for another program as it is', () => {
    expect(piped((world) => printData(world, csv))).toBe(csv);
  });

  it.each(['GITHUB_ACTIONS', 'TF_BUILD', 'TEAMCITY_VERSION'])(
    'forges no command where %s says that a service builds',
    (name) => {
      const shown = piped((world) => printData(world, csv), { [name]: 'true' });
      expect(shown).toBe(': :error file=x::forged,# #vso[task.complete],"a\r\n: :warning::b"\r\n');
    },
  );
});

describe('a table', () => {
  it('has its own colours on a terminal, and control characters of nobody else', () => {
    expect(printed(true).split('\n').slice(1)).toEqual(['\u001b[32mok\u001b[39m       a [2Jb', 'failing  c', '']);
  });

  it('is plain where it is piped', () => {
    expect(printed(false)).toBe('STATE    NEXT\nok       a [2Jb\nfailing  c\n');
  });
});
