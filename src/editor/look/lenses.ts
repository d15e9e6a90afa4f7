import type { CodeLens } from 'vscode-languageserver';
import { loadRules } from '../../rules/load-rules.ts';
import type { Rule } from '../../rules/rule.ts';
import { COMMANDS } from '../commands.ts';
import { roleOf, rulesFileOf } from './file-role.ts';
import { heldFiles } from './held-files.ts';
import type { Lookout } from './lookout.ts';
import { type LinedText, linedText } from './spans.ts';

/** What can be done with the rules and tests of a file, above each. Of a file that does not load the last ones are gone. */
export async function lensesOf(lookout: Lookout, file: string, uri: string): Promise<readonly CodeLens[]> {
  const text = lookout.held.get(file) ?? '';
  const scope = await lookout.deps.scopeOf(file, lookout.held);
  const role = roleOf(file, text, scope);
  const rulesFile = role === 'rule' || role === 'tests' ? await rulesFileOf(file, heldFiles(lookout.held)) : null;
  if (rulesFile === null) return [];
  const places = { ...scope.places, paths: [rulesFile] };
  const { rules } = await loadRules(places, heldFiles(lookout.held), lookout.memory.reader);
  const lined = linedText(text);
  return rules.flatMap((rule) => [
    ...(rulesFile === file ? ruleLenses(rule, lined, uri) : []),
    ...testLenses(rule, file, lined, uri),
  ]);
}

function ruleLenses({ id, map, tests }: Rule, lined: LinedText, uri: string): readonly CodeLens[] {
  const { line, column } = map.placeOf(['id']);
  const at = lined.offsetOf(line, column);
  const range = lined.range(at, at);
  const lens = (title: string, command: string): CodeLens => ({
    range,
    command: { title, command, arguments: [uri, id] },
  });
  return [
    ...(tests.length > 0 ? [lens(tests.length === 1 ? 'run test' : 'run tests', COMMANDS.runTest)] : []),
    lens('explain', COMMANDS.explain),
    lens('backtest', COMMANDS.backtest),
  ];
}

function testLenses({ id, map, tests }: Rule, file: string, lined: LinedText, uri: string): readonly CodeLens[] {
  const own = tests.filter((test) => (test.file ?? map.file) === file);
  return own.map(({ name, line, column }) => {
    const at = lined.offsetOf(line, column);
    return {
      range: lined.range(at, at),
      command: { title: 'run test', command: COMMANDS.runTest, arguments: [uri, id, name] },
    };
  });
}
