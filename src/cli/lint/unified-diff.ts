const CONTEXT = 3;

/**
 * A unified diff of two texts with equally many lines, as fixes leave them; empty where they are equal. `name` is the path after `a/` and
 * `b/`.
 */
export function unifiedDiff(name: string, before: string, after: string): readonly string[] {
  const [old, made] = [before.split('\n'), after.split('\n')];
  const changed = old.flatMap((line, index) => (line === made[index] ? [] : [index]));
  if (changed.length === 0) return [];
  const hunks = hunksOf(changed, old.length).flatMap(([from, to]) => hunk(old, made, from, to));
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

function hunk(old: readonly string[], made: readonly string[], from: number, to: number): readonly string[] {
  const lines = old.slice(from, to).flatMap((line, offset) => {
    const other = made[from + offset] ?? '';
    return line === other ? [` ${line}`] : [`-${line}`, `+${other}`];
  });
  const range = `${from + 1},${to - from}`;
  return [`@@ -${range} +${range} @@`, ...lines];
}
