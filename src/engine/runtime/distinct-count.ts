import type { Codes } from './column.ts';
import type { Grouping } from './group.ts';

/** How many different values each group has; nulls do not count. */
export function countDistinctCodes({ codes, distinct }: Codes, { groups, count }: Grouping): Float64Array {
  const starts = startsOf(groups, count);
  const byGroup = new Int32Array(codes.length);
  const next = starts.slice();
  for (let row = 0; row < codes.length; row += 1) {
    const group = groups[row] as number;
    const place = next[group] as number;
    byGroup[place] = codes[row] as number;
    next[group] = place + 1;
  }
  return countRuns(byGroup, starts, count, distinct.length, distinct.indexOf(null));
}

/** Where the rows of each group begin when they stand together; one more at the end. */
function startsOf(groups: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1);
  for (const group of groups) starts[group + 1] = (starts[group + 1] as number) + 1;
  for (let group = 0; group < count; group += 1) {
    starts[group + 1] = (starts[group + 1] as number) + (starts[group] as number);
  }
  return starts;
}

function countRuns(codes: Int32Array, starts: Int32Array, count: number, kinds: number, ignored: number): Float64Array {
  const counts = new Float64Array(count);
  const seenBy = new Int32Array(kinds).fill(-1);
  for (let group = 0; group < count; group += 1) {
    const end = starts[group + 1] as number;
    let found = 0;
    for (let at = starts[group] as number; at < end; at += 1) {
      const code = codes[at] as number;
      if (seenBy[code] === group || code === ignored) continue;
      seenBy[code] = group;
      found += 1;
    }
    counts[group] = found;
  }
  return counts;
}
