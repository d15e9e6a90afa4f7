import { callsSent, DEFENDER_ONLY, UNSTAMPED_LACKS } from '../../kql/workspace/lacking-calls.ts';
import type { LintCheck } from './check.ts';
import { querySpan } from './query-span.ts';

/** What no run of it would be answered. */
export const callNotOffered: LintCheck = {
  id: 'call-not-offered',
  description:
    'A call that the source of the rule does not have: the data lake knows no `ingestion_time()`, `externaldata`, `adx()` and `arg()`, and only Defender itself `FileProfile()` and the like.',
  why: 'The service refuses the query, and the rule is blocked.',
  mend: 'Leave the time to the window, bring lists as `watchlists`, or run the rule for another tenant.',
  severity: 'error',
  analyzed: true,
  refuses: [],
  check: ({ map }, { prepared, offer }) => {
    if (!offer) return [];
    const lacks = new Set([
      ...(offer.isUnstamped ? UNSTAMPED_LACKS : []),
      ...(offer.lacksDefenderFunctions ? DEFENDER_ONLY : []),
    ]);
    return callsSent(prepared, lacks).map((call) => ({
      ...querySpan(map, call),
      message: `The source "${offer.api}" does not have ${call.text}().`,
      suggestion: 'Leave the time to the window and lists to "watchlists", or name the rule for another tenant.',
    }));
  },
};
