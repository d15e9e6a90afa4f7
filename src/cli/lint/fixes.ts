import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { FileEdit, LintFinding } from '../../rules/lint/check.ts';
import { parseRules } from '../../rules/load-rules.ts';
import type { World } from '../terminal/world.ts';
import { printDiff } from '../write/print-diff.ts';
import { replaceFile } from '../write/replace-file.ts';
import { editedText } from './edited-text.ts';
import { relativePath } from './relative-path.ts';

export interface Fixed {
  readonly files: readonly string[];
  readonly edits: number;
}

/** Mends what the findings have fixes for: each file's diff is printed before it is written. A file that would no longer load is left alone. */
export function fixFiles(world: World, findings: readonly LintFinding[]): Fixed {
  const edits = new Map<string, FileEdit[]>();
  for (const { file, fix } of findings) if (fix) edits.set(file, [...(edits.get(file) ?? []), ...fix]);
  const files: string[] = [];
  let count = 0;
  for (const [file, wanted] of edits) {
    const distinct = [...new Map(wanted.map((edit) => [JSON.stringify(edit), edit])).values()];
    if (!fixFile(world, file, distinct)) continue;
    files.push(file);
    count += distinct.length;
  }
  return { files, edits: count };
}

function fixFile(world: World, file: string, edits: readonly FileEdit[]): boolean {
  const bytes = readFileSync(file);
  if (!isUtf8(bytes)) return false;
  const before = bytes.toString('utf8');
  const after = editedText(before, edits);
  if (after === null || after === before || parseRules(file, after).problems.length > 0) return false;
  printDiff(world, world.stdout, relativePath(world.cwd, file), [before, after]);
  replaceFile(file, after, '--fix');
  return true;
}
