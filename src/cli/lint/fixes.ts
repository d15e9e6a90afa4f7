import { isUtf8 } from 'node:buffer';
import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { HuntwireError } from '../../lib/errors.ts';
import type { FileEdit, LintFinding } from '../../rules/lint/check.ts';
import { parseRules } from '../../rules/load-rules.ts';
import { oneLine, printLine, tint } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';
import { editedText } from './edited-text.ts';
import { relativePath } from './relative-path.ts';
import { unifiedDiff } from './unified-diff.ts';

export interface Fixed {
  readonly files: number;
  readonly edits: number;
}

/** Mends what the findings have fixes for: each file's diff is printed before it is written. A file that would no longer load is left alone. */
export function fixFiles(world: World, findings: readonly LintFinding[]): Fixed {
  const edits = new Map<string, FileEdit[]>();
  for (const { file, fix } of findings) if (fix) edits.set(file, [...(edits.get(file) ?? []), ...fix]);
  let [files, count] = [0, 0];
  for (const [file, wanted] of edits) {
    const distinct = [...new Map(wanted.map((edit) => [JSON.stringify(edit), edit])).values()];
    if (!fixFile(world, file, distinct)) continue;
    files += 1;
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
  for (const line of unifiedDiff(oneLine(relativePath(world.cwd, file)), before, after)) printDiffLine(world, line);
  replaceFile(file, after);
  return true;
}

function printDiffLine(world: World, line: string): void {
  const text = oneLine(line.replaceAll('\t', '  ')).trimEnd();
  const colour = line.startsWith('-') ? 'red' : line.startsWith('+') ? 'green' : null;
  printLine(world, colour === null ? text : tint(world, colour, text));
}

/** In one step, so that no one reads half a file; a link stays one, and the mode what it was. */
function replaceFile(file: string, text: string): void {
  const target = realpathSync(file);
  const beside = `${target}.huntwire-${process.pid}`;
  try {
    writeFileSync(beside, text, { mode: statSync(target).mode, flag: 'wx' });
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new HuntwireError('USAGE', `--fix: ${file} cannot be written (${code ?? 'unknown'}).`, { cause: error });
  }
}
