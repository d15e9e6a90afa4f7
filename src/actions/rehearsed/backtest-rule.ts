import { defineAction } from '../action.ts';
import {
  A_COUNT_EACH,
  A_TEXT,
  AN_INTEGER,
  ANY_OBJECT,
  flag,
  gives,
  listOf,
  NUMBER,
  NUMBER_OR_NULL,
  oneOf,
  orNull,
  RULE_ID,
  takes,
  word,
  words,
} from '../schema.ts';

/** What one backtest of a rule has found. */
const BACKTESTED = gives({
  rule: A_TEXT,
  windows: gives({
    planned: AN_INTEGER,
    answered: AN_INTEGER,
    failed: AN_INTEGER,
    truncated: AN_INTEGER,
    skipped: AN_INTEGER,
  }),
  calls: AN_INTEGER,
  rows: AN_INTEGER,
  hits: AN_INTEGER,
  alerts: AN_INTEGER,
  updates: AN_INTEGER,
  dedupRatio: NUMBER,
  suppressed: A_COUNT_EACH,
  severities: A_COUNT_EACH,
  days: listOf(gives({ day: A_TEXT, alerts: AN_INTEGER })),
  told: listOf(ANY_OBJECT),
  failures: listOf(gives({ from: A_TEXT, to: A_TEXT, code: A_TEXT, message: A_TEXT })),
  stopped: { type: ['object', 'null'] },
});

export const backtestOneRule = defineAction<unknown>({
  uuid: '3c9a24ab-c227-4071-8285-ae1d96e2d20f',
  slug: 'backtest_rule',
  name: 'Backtest a rule',
  description: 'Runs one rule over past windows and returns what it would have told; nothing is delivered.',
  scope: 'run',
  asksTenant: true,
  command: ['huntwire', 'backtest', '--format', 'json'],
  input: takes(
    {
      rule: { ...RULE_ID, description: 'Id of a configured rule. A verb takes a rule file, too.', 'x-cli': '<rule>' },
      from: word('Where to begin: ISO time, or how long ago, for example 14d.', '--from'),
      to: word('Where to end; now where left out.', '--to'),
      compare: {
        ...RULE_ID,
        description: 'Id of another rule: which alerts it gains and loses. A verb takes a rule file, too.',
        'x-cli': '--compare',
      },
      tenant: word('Which tenant to ask, where several are configured.', '--tenant'),
      yes: flag('Agree to the cost; without it at most 50 calls are made.', '--yes'),
    },
    ['rule', 'from'],
  ),
  commandOnly: {
    data: words('Run here, over these folders or files of events; no tenant is asked.', '--data'),
    strict: flag('With data: what cannot be read is an error.', '--strict'),
    dates: {
      ...oneOf(['dmy', 'mdy']),
      description: 'With data: how it writes 03/04/2026, where it does not tell.',
      'x-cli': '--dates',
    },
  },
  results: gives({
    tenant: A_TEXT,
    source: A_TEXT,
    from: A_TEXT,
    to: A_TEXT,
    cost: gives({ calls: AN_INTEGER, callsPerHour: NUMBER_OR_NULL, shareOfHour: NUMBER_OR_NULL }),
    result: BACKTESTED,
    other: orNull(BACKTESTED),
    comparison: orNull(
      gives({
        kept: AN_INTEGER,
        gained: AN_INTEGER,
        lost: AN_INTEGER,
        gainedAlerts: listOf(ANY_OBJECT),
        lostAlerts: listOf(ANY_OBJECT),
      }),
    ),
  }),
  run: (input, { rehearse }) => rehearse('backtest_rule', input),
});
