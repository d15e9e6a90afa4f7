import { TRAITS } from '../rule-text.ts';
import type { Week } from '../world/play.ts';
import { checkBehind, checkStuck } from './behind.ts';
import { checkCoverage, excuseOf, fellDue, type RuleStory, storiesOf } from './coverage.ts';
import { checkDecisions } from './decisions.ts';
import { checkDeliveries } from './deliveries.ts';
import { checkDetours } from './detours.ts';
import { checkEnds } from './ends.ts';
import { type Finding, iso } from './finding.ts';
import { checkHealth } from './health.ts';
import { checkIds } from './ids.ts';
import { checkLag } from './lag.ts';
import { checkSweeps, sweptBehind } from './late.ts';
import { checkPauses } from './pauses.ts';
import { checkQuota, isScarce } from './quota.ts';
import { checkReloads } from './reloads.ts';
import { chaptersOf } from './runs.ts';
import { checkSummaries } from './silences.ts';
import { type StateName, statesOf } from './states.ts';
import { statesOfAll } from './states-of-all.ts';
import { tenantWeeks } from './tenant-week.ts';
import { lastRules } from './timeline.ts';

export interface Verdict {
  /** Everything that speaks against SEMANTICS, worst first. */
  readonly findings: readonly Finding[];
  readonly states: ReadonlySet<StateName>;
}

export function judge(week: Week): Verdict {
  const verdicts = tenantWeeks(week).map(judgeTenant);
  return {
    findings: [
      ...processFindings(week),
      ...verdicts.flatMap(({ findings }) => findings),
      ...checkDeliveries(week),
      ...checkDetours(week),
      ...checkReloads(week),
    ],
    states: new Set([...statesOfAll(week), ...verdicts.flatMap(({ states }) => [...states])]),
  };
}

function judgeTenant(week: Week): Verdict {
  const chapters = chaptersOf(week.records);
  const decisions = checkDecisions(chapters, week.scenario);
  const stories = storiesOf(week, chapters);
  const findings = [
    ...stories.flatMap((story) => eventFindings(story, week)),
    ...decisions.findings,
    ...checkSummaries(week, decisions),
    ...checkIds(decisions.told, week.scenario),
    ...checkEnds(week, chapters, decisions),
    ...stories.flatMap((story) => checkCoverage(story, week)),
    ...stories.flatMap(({ ruleId, runs }) => checkSweeps(ruleId, runs, week)),
    ...(isScarce(week) ? [] : pendingFindings(stories, week)),
    ...checkQuota(week),
    ...checkHealth(week, chapters),
    ...(isScarce(week) ? checkStuck(week, chapters) : checkBehind(week, chapters)),
    ...checkPauses(week, chapters, stories),
    ...checkLag(week, chapters),
  ];
  return { findings, states: statesOf(week, chapters, decisions) };
}

function processFindings({ records }: Week): readonly Finding[] {
  return records.flatMap((record): readonly Finding[] =>
    record.kind === 'end' && record.how === 'failed'
      ? [{ kind: 'process', subject: `life ${record.life}`, message: record.error ?? 'ended by itself' }]
      : [],
  );
}

/** Events of streams are found; what is told of them is the decisions' matter. */
function eventFindings(story: RuleStory, { scenario }: Week): readonly Finding[] {
  const spec = story.runs[0]?.spec;
  if (!spec || TRAITS[spec.family].shape !== 'stream') return [];
  const returned = new Set(
    story.runs
      .filter((run) => run.commit.run.outcome === 'ok')
      .flatMap((run) => run.answers.flatMap((answer) => answer.rows.map((row) => Number(row.ReportId)))),
  );
  return scenario.events
    .filter(
      (event) => event.mark === story.mark && !returned.has(event.id) && excuseOf(event, story, scenario) === null,
    )
    .map((event) => {
      const arrived = iso(Date.parse(scenario.start) + event.at * 1000);
      return {
        kind: 'untold',
        subject: story.ruleId,
        message: `event ${event.id} of ${arrived} was never found, and nothing says why`,
      };
    });
}

/** After a calm day nothing waits any more. */
function pendingFindings(stories: readonly RuleStory[], week: Week): readonly Finding[] {
  return stories.flatMap((story) => {
    const spec = lastRules(week.records).find((rule) => rule.id === story.ruleId);
    if (!spec || spec.status === 'disabled') return [];
    const behindMs = sweptBehind(story.runs, week);
    if (behindMs > 3_600_000) {
      const message = `the arrivals of its last ${Math.round(behindMs / 3_600_000)} h and a day were not swept`;
      return [{ kind: 'behind' as const, subject: story.ruleId, message }];
    }
    const old = story.ledger.filter(
      (entry) => entry.outcome === 'pending' && fellDue(entry, spec, week) < week.endedAt - 6 * 3_600_000,
    );
    const [first] = old;
    if (!first) return [];
    return [
      {
        kind: 'behind' as const,
        subject: story.ruleId,
        message: `${old.length} windows are still pending after a calm day, the oldest ends at ${iso(first.to)}`,
      },
    ];
  });
}
