import type { KqlNode } from '../kql/ast.ts';
import { type Branch, type BranchRecord, createBranchRecord } from './branches.ts';

/** How many rows went into and came out of one operator. */
export interface TraceStep {
  /** The operator's keyword, for example `where`. */
  readonly operator: string;
  /** Offsets of the operator in the query text. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
}

export interface Tracer {
  readonly steps: readonly TraceStep[];
  record(step: TraceStep): void;
  /** null: nobody asked for a trace. */
  readonly branches: BranchRecord | null;
  /** Nodes whose values are noted when they are compiled, and what they are; filled on the way down. */
  readonly watched: Map<KqlNode, Branch['part']>;
}

/** At most so many steps are kept: operators inside mv-apply and partition run once a group. */
const MOST_STEPS = 2000;

/** Collects steps; repeated runs of one operator (mv-apply, partition) are added up. */
export function createTracer(enabled: boolean): Tracer {
  const byPlace = new Map<string, TraceStep>();
  return {
    branches: enabled ? createBranchRecord() : null,
    watched: new Map(),
    get steps() {
      return [...byPlace.values()];
    },
    record(step) {
      if (!enabled) return;
      const key = `${step.start}:${step.end}:${step.operator}`;
      const before = byPlace.get(key);
      if (!before && byPlace.size >= MOST_STEPS) return;
      byPlace.set(key, {
        ...step,
        rowsIn: step.rowsIn + (before?.rowsIn ?? 0),
        rowsOut: step.rowsOut + (before?.rowsOut ?? 0),
      });
    },
  };
}
