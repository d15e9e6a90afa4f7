import { HuntwireError } from '../../lib/errors.ts';
import type { LedgerEntry, RuleState } from '../../state/store.ts';
import { defineAction } from '../action.ts';
import type { ActionDeps } from '../action-deps.ts';
import { readTime } from '../read-time.ts';
import { A_TEXT, A_TIME, flag, gives, listOf, oneOf, TEXT_OR_NULL, takes, word, words } from '../schema.ts';

/** As the ledger has them; `late`: searched, but not swept for what arrived late. */
export const GAP_OUTCOMES = ['gap', 'truncated', 'unscheduled', 'disabled', 'late', 'pending'] as const;
export type GapOutcome = (typeof GAP_OUTCOMES)[number];

/** Past time that a rule has not searched, or not all of it. Times are ISO texts. */
export interface GapRow {
  readonly tenant: string;
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  readonly outcome: GapOutcome;
  readonly reason: string | null;
}

export interface GapsAsked {
  readonly rules?: readonly string[];
  readonly tenant?: string;
  readonly outcomes?: readonly string[];
  readonly since?: string;
}

export const listGaps = defineAction<GapsAsked>({
  uuid: '4b9d6c2e-8f1a-4c73-a5e4-2f3b4c5d6ea8',
  slug: 'list_gaps',
  name: 'List gaps',
  description: 'Past time that rules have not searched, and why; what waits to be searched only where it is asked for.',
  scope: 'read',
  command: ['huntwire', 'gaps', '--format', 'json'],
  input: takes({
    rules: words('Only these rules.', '[rules...]'),
    tenant: word('Only this tenant.', '--tenant'),
    outcomes: words(`Only these kinds: ${GAP_OUTCOMES.join(', ')}; all but pending where left out.`, '--outcome'),
    since: word('Only what ends behind this time: ISO, or a duration back from now.', '--since'),
  }),
  commandOnly: { exitCode: flag('Exit 5 where there is any.', '--exit-code') },
  results: gives({
    gaps: listOf(
      gives({
        tenant: A_TEXT,
        rule: A_TEXT,
        from: A_TIME,
        to: A_TIME,
        outcome: oneOf(GAP_OUTCOMES),
        reason: TEXT_OR_NULL,
      }),
    ),
  }),
  run: async (input, deps) => ({ gaps: await gapsAsked(input, deps) }),
});

/** By tenant and rule, oldest first. USAGE where a kind or a time is none. */
export async function gapsAsked(
  { rules = [], tenant, outcomes = [], since }: GapsAsked,
  { reading, clock }: Pick<ActionDeps, 'reading' | 'clock'>,
): Promise<readonly GapRow[]> {
  const unknown = outcomes.find((one) => !GAP_OUTCOMES.some((outcome) => outcome === one));
  if (unknown !== undefined)
    throw new HuntwireError('USAGE', `There is no kind "${unknown}"; the kinds are: ${GAP_OUTCOMES.join(', ')}.`);
  const from = since === undefined ? Number.NEGATIVE_INFINITY : readTime(since, 'since', clock.now());
  const isMeant = ({ outcome }: Gap): boolean =>
    outcomes.length > 0 ? outcomes.includes(outcome) : outcome !== 'pending';
  const states = await reading((store) => store.ruleStates());
  return states
    .filter(
      (one) => (tenant === undefined || one.tenant === tenant) && (rules.length === 0 || rules.includes(one.ruleId)),
    )
    .flatMap((one) =>
      gapsOf(one.state)
        .filter((gap) => isMeant(gap) && gap.to > from)
        .map((gap) => rowOf(one, gap)),
    );
}

type Gap = Pick<LedgerEntry, 'from' | 'to' | 'reason'> & { readonly outcome: GapOutcome };

/** Late arrivals that wait to be swept wait as other windows do. */
function gapsOf({ ledger, late }: RuleState): readonly Gap[] {
  const unswept = (late?.ledger ?? []).map(
    (entry) => ({ ...entry, outcome: entry.outcome === 'pending' ? entry.outcome : 'late' }) as const,
  );
  return [...ledger, ...unswept].sort((a, b) => a.from - b.from || a.to - b.to);
}

function rowOf(
  { tenant, ruleId }: { readonly tenant: string; readonly ruleId: string },
  { from, to, outcome, reason }: Gap,
): GapRow {
  return { tenant, rule: ruleId, from: iso(from), to: iso(to), outcome, reason };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
