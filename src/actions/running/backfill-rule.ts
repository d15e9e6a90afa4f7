import { defineAction } from '../action.ts';
import { ANY_OBJECT, flag, oneOf, RULE_ID, takes, word } from '../schema.ts';
import { type BackfillAsked, notOffered } from './offers.ts';

export const backfillRule = defineAction<BackfillAsked>({
  uuid: '1d8f3b62-94c7-4e5a-b0d1-5e6f7a8b9cb1',
  slug: 'backfill_rule',
  name: 'Search a past range again',
  description:
    'Has a rule search a range of the past again, in the lowest lane; what was told already is not told again.',
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
    },
    ['rule', 'from'],
  ),
  results: ANY_OBJECT,
  run: async (input, { offers, signal }) => {
    if (!offers.backfillRule) throw notOffered('search past ranges again');
    return offers.backfillRule(input, signal);
  },
});
