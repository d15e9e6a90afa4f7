/** A line that is in both texts, only in the old one, or only in the new one. */
export interface LineChange {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

/** With more differences than that a part is shown as replaced as a whole: the shortest way is sought in time that grows with their square. */
const MOST_EDITS = 1000;

/** The shortest way from one list of lines to the other (Myers 1986). */
export function lineChanges(old: readonly string[], made: readonly string[]): readonly LineChange[] {
  let [start, ends] = [0, 0];
  const least = Math.min(old.length, made.length);
  while (start < least && old[start] === made[start]) start += 1;
  while (ends < least - start && old[old.length - 1 - ends] === made[made.length - 1 - ends]) ends += 1;
  const [left, right] = [old.slice(start, old.length - ends), made.slice(start, made.length - ends)];
  return [
    ...lines(' ', old.slice(0, start)),
    ...(shortest(left, right) ?? [...lines('-', left), ...lines('+', right)]),
    ...lines(' ', old.slice(old.length - ends)),
  ];
}

function lines(kind: LineChange['kind'], texts: readonly string[]): readonly LineChange[] {
  return texts.map((line) => ({ kind, line }));
}

/** How far each diagonal (`x - y`) comes with so many edits, for all numbers of edits until the end; null: too many. */
function reaches(left: readonly string[], right: readonly string[]): readonly ReadonlyMap<number, number>[] | null {
  const rounds: Map<number, number>[] = [];
  let before = new Map([[1, 0]]);
  for (let edits = 0; edits <= Math.min(MOST_EDITS, left.length + right.length); edits += 1) {
    const round = new Map<number, number>();
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = startOn(before, diagonal, edits);
      while (x < left.length && left[x] === right[x - diagonal]) x += 1;
      round.set(diagonal, x);
      if (x >= left.length && x - diagonal >= right.length) return [...rounds, round];
    }
    rounds.push(round);
    before = round;
  }
  return null;
}

/** From which neighbour a diagonal is entered: from above by an addition, from the left by a removal. */
function startOn(before: ReadonlyMap<number, number>, diagonal: number, edits: number): number {
  return isFromAbove(before, diagonal, edits) ? (before.get(diagonal + 1) ?? 0) : (before.get(diagonal - 1) ?? 0) + 1;
}

/** Goes back from the end of both texts, round by round. */
function shortest(left: readonly string[], right: readonly string[]): readonly LineChange[] | null {
  const rounds = reaches(left, right);
  if (!rounds) return null;
  const changes: LineChange[] = [];
  let [x, y] = [left.length, right.length];
  for (let edits = rounds.length - 1; edits > 0; edits -= 1) {
    const before = rounds[edits - 1] ?? new Map<number, number>();
    const diagonal = x - y;
    const start = startOn(before, diagonal, edits);
    for (; x > start; x -= 1) changes.push({ kind: ' ', line: left[x - 1] ?? '' });
    y = x - diagonal;
    const isAddition = isFromAbove(before, diagonal, edits);
    changes.push(isAddition ? { kind: '+', line: right[y - 1] ?? '' } : { kind: '-', line: left[x - 1] ?? '' });
    if (isAddition) y -= 1;
    else x -= 1;
  }
  return [...lines(' ', left.slice(0, x)), ...changes.reverse()];
}

function isFromAbove(before: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  const [added, removed] = [before.get(diagonal + 1) ?? -1, before.get(diagonal - 1) ?? -1];
  return diagonal === -edits || (diagonal !== edits && removed < added);
}
