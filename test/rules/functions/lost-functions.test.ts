import { describe, expect, it } from '@jest/globals';
import { loadRules } from '../../../src/rules/load-rules.ts';
import { memoryFiles } from '../overlays/overlay-folder.ts';

const RULE = (query: string) =>
  `id: uses\nname: Uses\nseverity: low\nschedule: {every: 1h}\nquery: |\n  ${query.replaceAll('\n', '\n  ')}\n`;

async function refusalsOf(
  query: string,
  functions: Readonly<Record<string, string>>,
  of = '/set/r/uses.yaml',
): Promise<readonly string[]> {
  const files = Object.entries(functions).map(([name, text]) => [`f/${name}`, text]);
  const io = memoryFiles({ 'r/uses.yaml': RULE(query), ...Object.fromEntries(files) });
  const { rules, refusals } = await loadRules(
    { paths: ['/set/r'], functions: ['/set/f'], overlays: [], roots: [], folder: '/set' },
    io,
  );
  expect(rules.map(({ id }) => id)).toEqual(['uses']);
  return refusals.filter(({ file }) => file === of).map((one) => `${one.line}:${one.column} ${one.message}`);
}

const told = (place: string, name: string, file: string) =>
  `${place} The query uses the function "${name}", which is left out: /set/f/${file} is refused.`;

describe('a rule that uses a function which is left out', () => {
  it.each([
    ['a.yaml', 'FunctionName: Lost\nFunctionQuery: Syslog\nFunctionQuery: Syslog\n'],
    ['a.yaml', 'ParserName: "Lost"\nParserQuery: [\n'],
    ['a.kql', '.create-or-alter function with (folder="x") Lost( { DeviceEvents'],
    ['Lost.kql', ''],
  ])('is told where it stands: %s %j', async (file, text) => {
    expect(await refusalsOf('DeviceEvents\n| join kind=inner (Lost | take 1) on DeviceId', { [file]: text })).toEqual([
      told('7:22', 'Lost', file),
    ]);
  });

  it('is told also where another function uses it, and where functions go in a circle', async () => {
    const circle = { 'x.kql': 'let X = () { Y };', 'y.kql': 'let Y = () { X };' };
    expect(await refusalsOf('X', circle)).toEqual([told('6:3', 'X', 'x.kql')]);
    const through = { 'Good.kql': 'Lost | take 1', 'Lost.kql': '' };
    const [first] = await refusalsOf('Good', through, '/set/f/Good.kql');
    expect(first).toBe(told('1:1', 'Lost', 'Lost.kql'));
  });

  it('is not told of one that is there, of a name of its own, or of one that it does not use', async () => {
    const broken = { 'a.yaml': 'FunctionName: Lost\nFunctionQuery: [\n' };
    expect(await refusalsOf('Lost', { ...broken, 'Lost.kql': 'DeviceEvents' })).toEqual([]);
    expect(await refusalsOf('let Lost = DeviceEvents; Lost', broken)).toEqual([]);
    expect(await refusalsOf('DeviceEvents | where Lost == 1', broken)).toEqual([]);
  });
});
