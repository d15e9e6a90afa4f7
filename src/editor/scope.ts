import type { Problem } from '../lib/errors.ts';
import type { CheckSeverities, LintSettings } from '../rules/lint/lint-rules.ts';
import type { Rule } from '../rules/rule.ts';
import type { RulePlaces } from '../rules/rule-places.ts';

/** What a configuration says of a file that is edited. */
export interface EditorScope {
  /** Its path; null: none is found in the folder of the file or above. */
  readonly config: string | null;
  /** What is laid over rules and joined to them; `paths` are all rules of the configuration. */
  readonly places: RulePlaces;
  readonly severities: CheckSeverities;
  /** What the sources have that run the rules of a file; null: none is known. */
  readonly offerOf: NonNullable<LintSettings['offerOf']>;
  /** Names of its targets. */
  readonly targets: readonly string[];
  /** What it refuses about the targets of rules. */
  readonly targetProblems: (rules: readonly Rule[]) => readonly Problem[];
  /** What is wrong with the configuration, which is then left out. */
  readonly problems: readonly Problem[];
}

/** Finds the configuration of a file, by texts that an editor holds before those on the disk. */
export type ScopeOf = (file: string, held: ReadonlyMap<string, string>) => Promise<EditorScope>;
