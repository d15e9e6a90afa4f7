import type { Problem } from '../../lib/errors.ts';
import type { YamlDocument } from '../../lib/yaml/parse-yaml.ts';
import type { Rule, RuleFormat } from '../rule.ts';
import type { Verdict } from './verdict.ts';

export interface ReadRule {
  /** null: refused. */
  readonly rule: Rule | null;
  /** All that refuses it. */
  readonly problems: readonly Problem[];
  readonly verdict: Verdict;
}

/** One way of writing rules. Pure. */
export interface RuleReader {
  readonly format: RuleFormat;
  /** Whether a document is written so, however badly. */
  recognizes(value: unknown): boolean;
  /** What gives away a text that cannot be parsed at all. */
  readonly marks: RegExp;
  /** Every rule of a document, each with its verdict. A document without any is told as one that is refused. */
  read(document: YamlDocument): readonly ReadRule[];
}
