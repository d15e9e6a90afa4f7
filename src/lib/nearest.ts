/** Names further apart than a third of their letters help nobody. */
const FARTHEST_SHARE = 1 / 3;
const LONGEST = 100;

/** The candidate most like `name`, case aside, or null where none is close; of equally like ones the one that begins like it for longest. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const wanted = name.slice(0, LONGEST).toLowerCase();
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.ceil(wanted.length * FARTHEST_SHARE)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.slice(0, LONGEST).toLowerCase());
    if (distance >= candidate.length) continue;
    const isNearer = distance < bestDistance || (distance === bestDistance && beginsLonger(wanted, candidate, best));
    if (isNearer) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function beginsLonger(wanted: string, candidate: string, best: string | null): boolean {
  return best !== null && commonStart(wanted, candidate) > commonStart(wanted, best);
}

function commonStart(wanted: string, candidate: string): number {
  const other = candidate.toLowerCase();
  let length = 0;
  while (length < wanted.length && wanted[length] === other[length]) length += 1;
  return length;
}

/** ` Did you mean "x"?`, or a list of what there is, or nothing: to stand behind a message. */
export function suggest(name: string, candidates: Iterable<string>): string {
  const all = [...candidates];
  const close = nearest(name, all);
  if (close !== null) return ` Did you mean "${close}"?`;
  return all.length > 0 && all.length <= 30 ? ` Valid are: ${all.join(', ')}.` : '';
}

/** What such a sentence says was meant, wherever it stands in a message; null: it says nothing. */
export function meantIn(message: string): string | null {
  return /Did you mean "([^"]+)"\?/.exec(message)?.[1] ?? null;
}

/** Insertions, deletions, changes and swaps of neighbours that turn one text into the other. */
export function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const change = (above[column - 1] ?? 0) + (same ? 0 : 1);
      const step = Math.min((above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, change);
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(swapped ? Math.min(step, (before[column - 2] ?? 0) + 1) : step);
    }
    [before, above] = [above, current];
  }
  return above[right.length] ?? 0;
}
