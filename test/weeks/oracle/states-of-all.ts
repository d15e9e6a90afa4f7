import { TRAITS } from '../rule-text.ts';
import { DAY } from '../scenario.ts';
import { tenantNames, viewOf } from '../tenant-view.ts';
import type { JournalRecord } from '../world/journal.ts';
import type { Week } from '../world/play.ts';
import { DETOURS } from '../world/ways.ts';
import type { StateName } from './states.ts';

type Found = Iterable<StateName>;

/** States of interest of a week as a whole, whosever tenant it was in. */
export function statesOfAll(week: Week): ReadonlySet<StateName> {
  return new Set([
    ...packStates(week),
    ...reloadStates(week),
    ...tenantStates(week),
    ...summaryStates(week),
    ...errandStates(week),
    ...updateStates(week),
    ...callStates(week),
    ...targetStates(week),
    ...groupStates(week),
  ]);
}

const UPDATES: Readonly<Record<string, StateName>> = {
  again: 'update of what was found again',
  grown: 'update of what has grown',
  severity: 'update of a severity that rose',
};

function* updateStates({ records }: Week): Found {
  const taken = new Set<string>();
  for (const record of records) {
    if (record.kind === 'taken') taken.add(record.alertId);
    if (record.kind !== 'commit') continue;
    for (const { id, change, status, suppressed = {} } of record.commit.alerts) {
      const name = UPDATES[change?.kind ?? ''];
      if (name) yield name;
      if (change?.kind === 'severity' && taken.has(id)) yield 'severity that rose behind that';
      if (status === 'resolved' && taken.has(id) && suppressed.quiet) yield 'found again while taken on';
    }
  }
  if (taken.size > 0) yield 'alert taken on';
}

const CALLS: Readonly<Record<string, StateName>> = {
  SOURCE_THROTTLED: 'call refused with 429',
  SOURCE_SERVER: 'call answered with 5xx',
  SOURCE_NETWORK: 'call without an answer',
  SOURCE_RESPONSE_INVALID: 'answer that ended early',
  SOURCE_AUTH: 'login refused',
  SOURCE_TIMEOUT: 'query timed out',
};

function* callStates({ records, scenario }: Week): Found {
  const twice = new Set(scenario.events.filter(({ again }) => again !== undefined).map(({ id }) => id));
  for (const record of records) {
    if (record.kind !== 'asked') continue;
    const name = CALLS[record.outcome];
    if (name) yield name;
    if (twice.size > 0 && record.rows.some((row) => twice.has(Number(row.ReportId)))) yield 'row that came twice';
  }
}

function* targetStates({ records, scenario }: Week): Found {
  const hanging = scenario.faults.some((fault) => fault.kind === 'target' && fault.failure === 'hangs');
  for (const record of records) {
    if (record.kind !== 'attempt') continue;
    if (record.result === 'refused') yield 'target refused';
    if (record.target === DETOURS.pager) yield 'alert escalated';
    if (record.target === DETOURS.mail) yield 'alerts in a digest';
    if (record.target === DETOURS.standby) yield 'another target stood in';
    if (hanging && record.at - record.began > 10_000) yield 'target hung';
  }
}

function* groupStates({ records, scenario }: Week): Found {
  const groups = new Set(scenario.rules.filter(({ family }) => TRAITS[family].per === 'group').map(({ id }) => id));
  const firing = new Set<string>();
  for (const record of records) {
    if (record.kind !== 'commit') continue;
    const { ruleId, alerts } = record.commit;
    const isVoid = alerts.some(({ health, status }) => health?.code === 'coverage-void' && status === 'firing');
    if (isVoid && firing.has(ruleId)) yield 'coverage void while a group fired';
    for (const { kind, status } of alerts) {
      if (kind !== 'detection' || !groups.has(ruleId)) continue;
      if (status === 'resolved') yield 'end of a group';
      else firing.add(ruleId);
    }
  }
}

const PACKS: Readonly<Record<string, StateName>> = {
  SOURCE_THROTTLED: 'rules of one call throttled',
  SOURCE_TIMEOUT: 'rules of one call asked apart',
  'cut short': 'rules of one call asked apart',
};

function* packStates({ records }: Week): Found {
  let before: Extract<JournalRecord, { readonly kind: 'asked' }> | null = null;
  for (const record of records) {
    if (record.kind === 'end' && before?.outcome === 'ABORTED') yield 'stopped while rules of one call were asked';
    if (record.kind !== 'asked' || record.about !== 'pack') continue;
    before = record;
    if (record.outcome === 'answered') yield 'rules in one call';
    const name = PACKS[record.outcome];
    if (name) yield name;
  }
}

function* reloadStates({ records, scenario }: Week): Found {
  const [start] = records;
  const reloads = records.filter((record) => record.kind === 'reload');
  if (reloads.some(({ refused }) => refused)) yield 'reload refused';
  let rules = start?.kind === 'start' ? start.rules : [];
  for (const record of records) {
    if (record.kind !== 'start' && record.kind !== 'reload') continue;
    const ids = new Set(rules.map(({ id }) => id));
    if (record.kind === 'reload') {
      const now = new Map(record.rules.map((rule) => [rule.id, rule]));
      if (rules.some(({ id }) => !now.has(id))) yield 'rule removed by a reload';
      if (record.rules.some(({ id }) => !ids.has(id))) yield 'rule added by a reload';
      for (const rule of rules) {
        const next = now.get(rule.id);
        if (next && next.status !== rule.status) yield 'rule switched by a reload';
        else if (next && JSON.stringify(next) !== JSON.stringify(rule)) yield 'rule edited by a reload';
      }
    }
    rules = record.rules;
  }
  const asked = records.filter((record) => record.kind === 'asked' && record.about === 'rule');
  if (asked.some((one) => one.kind === 'asked' && reloads.some(({ at }) => one.began < at && at < one.at)))
    yield 'reload while a rule was asked';
  const others = scenario.faults.filter((fault) => fault.kind === 'reload' && fault.targets !== null);
  if (others.length > 0 && reloads.length > 0) yield 'targets changed by a reload';
}

function* tenantStates({ scenario }: Week): Found {
  const names = tenantNames(scenario);
  if (names.length === 1) return;
  yield 'several tenants';
  const isSick = (name: string): boolean =>
    viewOf(scenario, name).faults.some(
      (fault) =>
        (fault.kind === 'api' || fault.kind === 'throttle' || fault.kind === 'slow') && fault.to - fault.from > 2 * DAY,
    );
  if (names.some(isSick) && !names.every(isSick)) yield 'one tenant of several sick for days';
}

function* summaryStates({ records }: Week): Found {
  for (const record of records) {
    if (record.kind !== 'health') continue;
    for (const { health, revision } of record.commit.alerts) {
      if (!health?.code.endsWith('-ended')) continue;
      yield revision === 0 ? 'silence summed up' : 'silence summed up once more';
    }
  }
}

function* errandStates({ records, scenario }: Week): Found {
  let backfilled = false;
  for (const record of records) {
    if (record.kind === 'end' && backfilled) yield 'backfill stopped by an end of the process';
    if (record.kind !== 'commit') continue;
    const { run, rule, alerts } = record.commit;
    if (run.lane === 'backfill') {
      yield 'backfill';
      if (alerts.some(({ kind, status }) => kind === 'detection' && status === 'firing'))
        yield 'backfill that found what was lost';
    }
    backfilled = rule.backfill !== undefined && run.lane === 'backfill' && rule.backfill.doneTo < rule.backfill.to;
  }
  const asked = scenario.faults.filter((fault) => fault.kind === 'run-now');
  const start = Date.parse(scenario.start);
  const isAsked = ({ ruleId }: { readonly ruleId: string }, at: number): boolean =>
    asked.some((fault) => fault.rule === ruleId && Math.abs(start + fault.at * 1000 + 437 - at) < 60_000);
  if (records.some((record) => record.kind === 'commit' && isAsked(record.commit, record.at)))
    yield 'run that somebody asked for';
}
