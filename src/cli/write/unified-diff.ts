import { type LineChange, lineChanges } from './line-changes.ts';

const CONTEXT = 3;

/** A unified diff of two texts; empty where they are equal. `name` is the path after `a/` and `b/`. */
export function unifiedDiff(name: string, before: string, after: string): readonly string[] {
  const changes = lineChanges(before.split('\n'), after.split('\n'));
  const changed = changes.flatMap(({ kind }, index) => (kind === ' ' ? [] : [index]));
  if (changed.length === 0) return [];
  const hunks = hunksOf(changed, changes.length).flatMap(([from, to]) => hunk(changes, from, to));
  return [`--- a/${name}`, `+++ b/${name}`, ...hunks];
}

/** Ranges of lines, ends excluded, that hold all changes with what stands around them. */
function hunksOf(changed: readonly number[], count: number): readonly (readonly [number, number])[] {
  const hunks: [number, number][] = [];
  for (const index of changed) {
    const [from, to] = [Math.max(0, index - CONTEXT), Math.min(count, index + CONTEXT + 1)];
    const last = hunks.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else hunks.push([from, to]);
  }
  return hunks;
}

function hunk(changes: readonly LineChange[], from: number, to: number): readonly string[] {
  const [before, part] = [changes.slice(0, from), changes.slice(from, to)];
  const range = (other: LineChange['kind']): string => {
    const count = part.filter(({ kind }) => kind !== other).length;
    const first = before.filter(({ kind }) => kind !== other).length + (count === 0 ? 0 : 1);
    return `${first},${count}`;
  };
  return [`@@ -${range('+')} +${range('-')} @@`, ...part.map(({ kind, line }) => kind + line)];
}
