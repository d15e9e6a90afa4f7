import { describe, expect, it } from '@jest/globals';
import type { PreparedQuery } from '../../src/kql/prepared.ts';
import { createAheadReader } from '../../src/rules/read-ahead.ts';

const textOf = (id: string): string =>
  `id: ${id}\nname: A rule\nseverity: low\nquery: DeviceEvents | where FileName == "${id}"\nschedule: {every: 1h}\n`;

/** An analyst who answers when it is told to. */
function slowAnalyst() {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const prepare = (text: string): Promise<PreparedQuery> => {
    asked.push(/"(.*)"/.exec(text)?.[1] ?? '');
    return new Promise((_, reject) => answers.push(() => reject(new Error('nobody minds'))));
  };
  return { asked, answers, analyst: { prepare } };
}

const names = Array.from({ length: 12 }, (_, index) => `rule-${index}`);

describe('a reader that looks ahead', () => {
  it('asks for rules while others are read, eight at a time, until all are read', async () => {
    const { asked, answers, analyst } = slowAnalyst();
    const ahead = createAheadReader({ analyst, isWanted: () => true, asks: () => true });
    const first = await ahead.reader('a.yaml', textOf('rule-0'));
    expect(first.found.map(({ rule }) => rule?.id)).toEqual(['rule-0']);
    expect(asked).toEqual(['rule-0']);
    for (const name of names.slice(1)) await ahead.reader(`${name}.yaml`, textOf(name));
    expect(asked).toEqual(names.slice(0, 8));
    answers[0]?.();
    await ahead.reader('more.yaml', '# nothing');
    expect(asked).toEqual(names.slice(0, 9));
    ahead.stop();
    answers[1]?.();
    await ahead.reader('more.yaml', '# nothing');
    expect(asked).toEqual(names.slice(0, 9));
  });

  it('asks for nothing that is not wanted, and for nothing before there is enough', async () => {
    const { asked, analyst } = slowAnalyst();
    const ahead = createAheadReader({ analyst, isWanted: (file) => file !== 'other.yaml', asks: (read) => read >= 2 });
    await ahead.reader('a.yaml', textOf('one'));
    await ahead.reader('other.yaml', textOf('other'));
    expect(asked).toEqual([]);
    await ahead.reader('b.yaml', textOf('two'));
    expect(asked).toEqual(['one', 'two']);
  });

  it('reads what is no rule as any reader does', async () => {
    const { asked, analyst } = slowAnalyst();
    const { reader } = createAheadReader({ analyst, isWanted: () => true, asks: () => true });
    expect((await reader('a.yaml', 'id: [')).refused).not.toBeNull();
    expect((await reader('a.yaml', 'name: x')).found.map(({ rule }) => rule)).toEqual([null]);
    expect(asked).toEqual([]);
  });
});
