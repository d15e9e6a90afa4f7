import { createAnalyst } from '../../kql/analyst.ts';
import type { Analyst } from '../../kql/prepared.ts';
import { createMemoryCache } from '../../lib/cache.ts';
import type { Clock } from '../../lib/clock.ts';
import type { LintFinding } from '../../rules/lint/check.ts';
import type { RuleTest, RunnableRule } from '../../rules/rule.ts';
import type { RuleTestResult } from '../../trial/test-rule.ts';
import type { ScopeOf } from '../scope.ts';
import { createReadMemory, type ReadMemory } from './read-memory.ts';

/** What looks at rules takes from the machine. */
export interface LookoutDeps {
  readonly clock: Clock;
  readonly scopeOf: ScopeOf;
  /** One test of a rule in the local engine. */
  readonly testRule: (rule: RunnableRule, test: RuleTest) => Promise<RuleTestResult>;
  /** What a failed test says, line by line. */
  readonly linesOf: (result: RuleTestResult) => Promise<readonly string[]>;
}

/** What is known of a query from when it could be analyzed last. */
export interface KnownQuery {
  readonly rule: string;
  /** Of its result; null: nobody knows. */
  readonly columns: readonly string[] | null;
  readonly tables: readonly string[];
  readonly params: RunnableRule['params'];
  /** Saved functions and lists that stand in front of it. */
  readonly prelude: string;
}

/** Everything that who looks remembers between two questions. */
export interface Lookout {
  readonly deps: LookoutDeps;
  readonly analyst: Analyst;
  /** By file the texts that the editor holds. */
  readonly held: Map<string, string>;
  readonly memory: ReadMemory;
  /** By file the queries of its rules, in their order. */
  readonly known: Map<string, readonly (KnownQuery | undefined)[]>;
  /** By file what was found last, and in which text. */
  readonly found: Map<string, { readonly text: string; readonly findings: readonly LintFinding[] }>;
}

export function createLookout(deps: LookoutDeps): Lookout {
  return {
    deps,
    analyst: createAnalyst({ form: 'in-process', cache: createMemoryCache(), clock: deps.clock }),
    held: new Map(),
    memory: createReadMemory(),
    known: new Map(),
    found: new Map(),
  };
}
