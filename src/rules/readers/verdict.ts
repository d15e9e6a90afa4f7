import type { Place } from '../../lib/yaml/parse-yaml.ts';
import type { RuleFormat } from '../rule.ts';

export const VERDICTS = ['loaded', 'warnings', 'refused'] as const;
export type VerdictName = (typeof VERDICTS)[number];

export interface VerdictWarning extends Place {
  readonly message: string;
}

/** What became of a rule of a file, or of a file that holds none. */
export interface Verdict {
  readonly file: string;
  /** Its id; null where it has not come so far. */
  readonly rule: string | null;
  readonly format: RuleFormat;
  readonly verdict: VerdictName;
  /** Why it was refused, in words; null where it was not. */
  readonly reason: string | null;
  readonly warnings: readonly VerdictWarning[];
  /** Keys of the file that mean here what they mean at home. */
  readonly honoured: readonly string[];
  /** Keys that mean nearly the same, and in what they differ: `queryPeriod: late events are found too`. */
  readonly approximated: readonly string[];
  /** Keys that change nothing. */
  readonly ignored: readonly string[];
}

/** Of a file that is right and holds no rule: worth a warning, for somebody may think that it does. */
export function noRuleIn(file: string, reason: string, format: RuleFormat): Verdict {
  return {
    file,
    rule: null,
    format,
    verdict: 'refused',
    reason,
    warnings: [{ line: 1, column: 1, message: reason }],
    honoured: [],
    approximated: [],
    ignored: [],
  };
}
