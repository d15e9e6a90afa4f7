import { defineAction } from '../action.ts';
import {
  A_TEXT,
  A_TIME,
  AN_INTEGER,
  ANY_OBJECT,
  flag,
  gives,
  INTEGER_OR_NULL,
  listOf,
  NUMBER_OR_NULL,
  oneOf,
  orNull,
  RULE_ID,
  TRUTH,
  takes,
  word,
} from '../schema.ts';
import { type BackfillAsked, notOffered } from './offers.ts';

export const backfillRule = defineAction<BackfillAsked>({
  uuid: '1d8f3b62-94c7-4e5a-b0d1-5e6f7a8b9cb1',
  slug: 'backfill_rule',
  name: 'Search a past range again',
  description:
    'Has a rule search a range of the past again, in the lowest lane; what was told already is not told again. It goes on when the answer has come: ask again for the same range to follow it.',
  scope: 'write',
  asksTenant: true,
  command: ['huntwire', 'action', 'backfill_rule'],
  input: takes(
    {
      rule: { ...RULE_ID, description: 'Id of a configured rule.' },
      from: word('Where to begin: ISO time, or how long ago, for example 14d.'),
      to: word('Where to end; now where left out.'),
      tenant: word('In which tenant, where several run the rule.'),
      noLimit: flag('Tell each hit, also beyond the limit of the rule.'),
      retell: { ...oneOf(['excepted']), description: 'Tell what exceptions took out, too.' },
      dryRun: flag('Only tell what it would cost.'),
      wait: word('How long to wait for its end, at most 5m; 10s where left out.'),
      cancel: flag('Stop the one of this rule that goes on; it can be gone on with later.'),
    },
    ['rule', 'from'],
  ),
  results: gives({
    tenant: A_TEXT,
    rule: A_TEXT,
    from: A_TIME,
    to: A_TIME,
    noLimit: TRUTH,
    retell: listOf(oneOf(['excepted'])),
    dryRun: TRUTH,
    resumedAt: orNull(A_TIME),
    cost: gives({ calls: AN_INTEGER, callsPerHour: INTEGER_OR_NULL, shareOfHour: NUMBER_OR_NULL }),
    windows: gives({ planned: AN_INTEGER, asked: AN_INTEGER, leftOut: AN_INTEGER }),
    ...{ rows: AN_INTEGER, hits: AN_INTEGER, alerts: AN_INTEGER, deliveries: listOf(ANY_OBJECT) },
    ...{ running: TRUTH, done: TRUTH, error: orNull(gives({ code: A_TEXT, message: A_TEXT })) },
  }),
  run: async (input, { offers, signal }) => {
    if (!offers.backfillRule) throw notOffered('search past ranges again');
    return offers.backfillRule(input, signal);
  },
});
