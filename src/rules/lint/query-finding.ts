import type { PreparedQuery, QueryFinding } from '../../kql/prepared.ts';
import type { LintCheck } from './check.ts';
import { querySpan } from './query-span.ts';
import { unknownKindOf } from './unknown-names.ts';

/** What the analysis of the query says: syntax, names that the schema does not know, expanded wildcards, outdated columns. */
export const queryFinding: LintCheck = {
  id: 'query-finding',
  description:
    'What the analysis of the query says, as severe as it is: syntax errors and what cannot be given a window (refused), types that do not fit, expanded wildcards.',
  why: 'What the parser or its types refuse, the service refuses mostly, too.',
  mend: 'Follow the hint of the finding.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: (rule, { prepared }) =>
    prepared.findings
      .filter((finding) => unknownKindOf(finding, rule.query) === null && !isNoted(finding, prepared))
      .map((finding) => ({
        ...querySpan(rule.map, finding),
        message: `${finding.message} [${finding.code}]`,
        suggestion: wayOut(finding),
        severity: finding.sure ? 'error' : finding.severity,
        refuses: finding.severity === 'error',
      })),
};

const JOIN_TYPES = 'KS242';

/** The check for keys of joins says which one, where the analysis says the whole join. */
function isNoted({ code }: QueryFinding, { notes = [] }: PreparedQuery): boolean {
  return code === JOIN_TYPES && notes.some(({ check }) => check === 'join-key-types');
}

/** Who cannot leave the window to us can place it. */
function wayOut({ code, hint }: QueryFinding): string | null {
  if (code !== 'window-refused') return hint;
  return `${hint ?? ''} Or say "window: none" and place it yourself: where Timestamp >= _from and Timestamp < _to.`.trim();
}
