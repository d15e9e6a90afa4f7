import { createHash } from 'node:crypto';
import type { LintFinding } from '../../rules/lint/check.ts';
import type { FileLines } from './file-lines.ts';
import { relativePath } from './relative-path.ts';

/**
 * A name for each finding that stays when lines are put in above it: check, file and the text of its line; of findings that are equal in
 * these, the how manieth.
 */
export function fingerprintsOf(findings: readonly LintFinding[], cwd: string, lines: FileLines): readonly string[] {
  const counts = new Map<string, number>();
  return findings.map(({ check, file, line }) => {
    const text = lines(file)?.[line - 1]?.trim() ?? '';
    const parts = JSON.stringify([check, relativePath(cwd, file), text]);
    const hash = createHash('sha256').update(parts).digest('hex').slice(0, 32);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    return `${hash}:${count}`;
  });
}
