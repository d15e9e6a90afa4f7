import { defineAction } from '../action.ts';
import {
  A_COUNT_EACH,
  A_TEXT,
  ALERT_DOCUMENT,
  AN_INTEGER,
  flag,
  gives,
  listOf,
  oneOf,
  orNull,
  TRUTH,
  takes,
  word,
  words,
} from '../schema.ts';
import type { RunsAsked } from './offers.ts';

export const runRules = defineAction<RunsAsked>({
  uuid: 'f5e74061-66ba-49fc-98f1-ec22c491d0ac',
  slug: 'run_rule',
  name: 'Run rules now',
  description:
    'Runs the enabled rules once as of now and commits their alerts. A process that runs does it among the turns of its schedule and delivers as ever; where none runs, every pending delivery is tried once.',
  scope: 'write',
  asksTenant: true,
  command: ['huntwire', 'once', '--format', 'json'],
  input: takes({
    rule: words('Only these rules.', '--rule'),
    dryRun: flag('Return the alerts; commit and send nothing.', '--dry-run'),
    wait: word('How long to wait for retries and pauses, for example 30s.', '--wait'),
  }),

  results: gives(
    {
      startedAt: A_TEXT,
      endedAt: A_TEXT,
      runs: listOf(
        gives(
          {
            runId: A_TEXT,
            tenant: A_TEXT,
            rule: A_TEXT,
            window: orNull(gives({ from: A_TEXT, to: A_TEXT, basis: oneOf(['ingestion', 'event']) })),
            lane: oneOf(['due', 'backlog', 'sweep']),
            outcome: oneOf(['ok', 'failed', 'throttled', 'blocked', 'skipped']),
            error: orNull(gives({ code: A_TEXT, message: A_TEXT })),
            rows: AN_INTEGER,
            hits: AN_INTEGER,
            toldHits: AN_INTEGER,
            alerts: AN_INTEGER,
            suppressed: A_COUNT_EACH,
            reasons: A_COUNT_EACH,
            rowReasons: A_COUNT_EACH,
            exceptions: listOf(gives({ reason: A_TEXT, owner: A_TEXT, rows: AN_INTEGER })),
            truncated: TRUTH,
          },
          ['exceptions'],
        ),
      ),
      deliveries: listOf(gives({ target: A_TEXT, delivered: AN_INTEGER, pending: AN_INTEGER, dead: AN_INTEGER })),
      alerts: { type: 'array', items: ALERT_DOCUMENT, description: 'With dryRun only.' },
    },
    ['alerts'],
  ),
  run: (input, { offers, rehearse, signal }) =>
    offers.runRules ? offers.runRules(input, signal) : rehearse('run_rule', input),
});
