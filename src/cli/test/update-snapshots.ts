import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { parseYaml } from '../../lib/yaml/parse-yaml.ts';
import { replaceYamlList } from '../../lib/yaml/replace-list.ts';
import type { RuleTestResult } from '../../trial/test-rule.ts';
import { relativePath } from '../lint/relative-path.ts';
import type { Terminal, World } from '../terminal/world.ts';
import { printDiff } from '../write/print-diff.ts';
import { replaceFile } from '../write/replace-file.ts';

/** A result, and whether what its test expects was written anew. */
export type UpdatedResult = RuleTestResult & { readonly updated?: true };

/**
 * Writes the alerts that came into the tests marked `snapshot` that differ in nothing else; each file's diff is shown before it is written.
 * What cannot be written alone, because something else in the file shares it, stays as it is, and the test fails.
 */
export function updateSnapshots(
  world: World,
  to: Terminal,
  results: readonly RuleTestResult[],
): readonly UpdatedResult[] {
  const made = new Map<RuleTestResult, UpdatedResult>();
  const files = new Set(results.flatMap(({ file, snapshot }) => (snapshot ? [file] : [])));
  for (const file of files) {
    const wanted = results.filter((result) => result.file === file && result.snapshot);
    for (const [result, updated] of updateFile(world, to, file, wanted)) made.set(result, updated);
  }
  return results.map((result) => made.get(result) ?? result);
}

function updateFile(
  world: World,
  to: Terminal,
  file: string,
  wanted: readonly RuleTestResult[],
): readonly (readonly [RuleTestResult, UpdatedResult])[] {
  const bytes = readFileSync(file);
  const before = isUtf8(bytes) ? bytes.toString('utf8') : '';
  let text = before;
  const made = wanted.map((result) => {
    const next = withAlerts(before, text, result);
    text = next ?? text;
    return [result, next === null ? unwritten(result) : written(result)] as const;
  });
  if (text === before) return made;
  printDiff(world, to, relativePath(world.cwd, file), [before, text]);
  replaceFile(file, text, '--update');
  return made;
}

/** Tests are found in the text as it was read: what is written moves those behind it. */
function withAlerts(read: string, text: string, { file, line, column, snapshot = [] }: RuleTestResult): string | null {
  for (const [index, document] of parseYaml(file, read, 'RULE_INVALID').documents.entries()) {
    const { tests = [] } = document.value as { readonly tests?: readonly unknown[] };
    const at = tests.findIndex((_, test) => {
      const place = document.keyPlace(['tests', test]);
      return place.line === line && place.column === column;
    });
    if (at >= 0) return replaceYamlList(text, index, ['tests', at, 'alerts'], snapshot);
  }
  return null;
}

function written({ trace: _trace, rows: _rows, snapshot: _snapshot, ...result }: RuleTestResult): UpdatedResult {
  return { ...result, ok: true, differences: [], updated: true };
}

const WHY = 'they are shared with another part of the file, or the file has changed: write them by hand';

function unwritten({ snapshot: _snapshot, ...result }: RuleTestResult): UpdatedResult {
  const difference = { path: 'alerts', expected: 'a list that can be written alone', actual: WHY };
  return { ...result, differences: [...result.differences, difference] };
}
