import type { createKqlEngine } from '../../src/engine/kql-engine.ts';
import type { KqlResult } from '../../src/engine/result.ts';

/** A query and the rows that the real engine returned for it. */
export interface ConformanceCase {
  readonly id: string;
  readonly query: string;
  readonly columns?: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly hunting_relevant?: boolean;
}

export interface Outcome {
  readonly id: string;
  readonly verdict: 'pass' | 'wrong' | 'refused' | 'failed';
  /** Whether only columns and number of rows could be compared. */
  readonly byShape: boolean;
  readonly detail: string;
}

/** Hunting: what rules are made of. */
export interface HuntingOutcome extends Outcome {
  readonly hunting: boolean;
}

export type Runner = (query: string) => Promise<KqlResult>;

/** What conformance-cases.mjs exports: plain JavaScript, so that it runs outside Jest, too. */
export interface CasesModule {
  haveCases(): boolean;
  createRunner(create: typeof createKqlEngine): Runner;
  judge(one: ConformanceCase, run: Runner): Promise<Outcome>;
}

/** What all-cases.mjs exports. */
export interface AllCasesModule {
  judgeAll(create: typeof createKqlEngine): Promise<Readonly<Record<string, readonly HuntingOutcome[]>>>;
}
