/**
 * A part of a query that rows take or do not take: a condition of `where` (`where`: all of it; `and`, `or`: an operand), or a value that
 * `iff` or `case` chooses (`arm`).
 */
export interface Branch {
  readonly part: 'where' | 'and' | 'or' | 'arm';
  /** Offsets in the query text. */
  readonly start: number;
  readonly end: number;
  /** Whether a row was there for which it was true; of an arm, one that it gave its value. */
  readonly held: boolean;
  /** Whether a row was there for which it was false or null; of an arm never told. */
  readonly failed: boolean;
}

/** One branch while the query runs. */
export interface BranchMark {
  hold(): void;
  fail(): void;
}

export interface BranchRecord {
  /** In the order of the text. */
  list(): readonly Branch[];
  mark(part: Branch['part'], place: { readonly start: number; readonly end: number }): BranchMark;
}

interface MutableBranch extends Branch {
  held: boolean;
  failed: boolean;
}

/** Branches by their places: what a function's body says is one branch, however often it is called. */
export function createBranchRecord(): BranchRecord {
  const byPlace = new Map<string, MutableBranch>();
  return {
    list: () =>
      [...byPlace.values()].map((branch) => ({ ...branch })).sort((a, b) => a.start - b.start || b.end - a.end),
    mark(part, { start, end }) {
      const key = `${start}:${end}`;
      const branch = byPlace.get(key) ?? { part, start, end, held: false, failed: false };
      byPlace.set(key, branch);
      return {
        hold: () => {
          branch.held = true;
        },
        fail: () => {
          branch.failed = true;
        },
      };
    },
  };
}
