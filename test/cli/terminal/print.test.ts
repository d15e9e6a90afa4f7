import { describe, expect, it } from '@jest/globals';
import { printTable } from '../../../src/cli/terminal/print.ts';
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

describe('a table', () => {
  it('has its own colours on a terminal, and control characters of nobody else', () => {
    expect(printed(true).split('\n').slice(1)).toEqual(['\u001b[32mok\u001b[39m       a [2Jb', 'failing  c', '']);
  });

  it('is plain where it is piped', () => {
    expect(printed(false)).toBe('STATE    NEXT\nok       a [2Jb\nfailing  c\n');
  });
});
