import type { LedgerOutcome, StoreReader } from '../../state/store.ts';
import { defineAction } from '../action.ts';
import { A_TEXT, gives, listOf, oneOf, RULE_ID, TEXT_OR_NULL, takes, word } from '../schema.ts';

interface GapsAsked {
  readonly tenant?: string;
  readonly rule?: string;
}

/** A range of a rule that is not simply covered; times are ISO texts. */
export interface GapRow {
  readonly tenant: string;
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  readonly outcome: LedgerOutcome;
  readonly reason: string | null;
}

export const listGaps = defineAction<GapsAsked>({
  uuid: '4b9d6c2e-8f1a-4c73-a5e4-2f3b4c5d6ea8',
  slug: 'list_gaps',
  name: 'List gaps',
  description:
    'Ranges that rules have not searched, or in part: waiting, given up, left out by their schedule, disabled, cut short.',
  scope: 'read',
  command: ['huntwire', 'action', 'list_gaps'],
  input: takes({
    tenant: word('Only of this tenant.'),
    rule: { ...RULE_ID, description: 'Only of the rule with this id.' },
  }),
  results: gives({
    gaps: listOf(
      gives({
        tenant: A_TEXT,
        rule: A_TEXT,
        from: A_TEXT,
        to: A_TEXT,
        outcome: oneOf(['pending', 'gap', 'unscheduled', 'disabled', 'truncated']),
        reason: TEXT_OR_NULL,
      }),
    ),
  }),
  run: async (input, { reading }) => ({ gaps: await reading((store) => gapRows(store, input)) }),
});

/** Of every rule that the state knows, oldest first. */
export async function gapRows(
  store: Pick<StoreReader, 'ruleStates'>,
  { tenant, rule }: GapsAsked,
): Promise<readonly GapRow[]> {
  const states = (await store.ruleStates()).filter(
    (one) => (tenant ?? one.tenant) === one.tenant && (rule ?? one.ruleId) === one.ruleId,
  );
  const rows = states.flatMap(({ tenant: of, ruleId, state: { ledger } }) =>
    ledger.map(({ from, to, outcome, reason }) => ({
      ...{ tenant: of, rule: ruleId, from: iso(from), to: iso(to), outcome, reason },
    })),
  );
  return rows.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
