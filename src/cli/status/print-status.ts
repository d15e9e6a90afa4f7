import type { HealthRow, TargetRow, TenantRow } from '../../actions/places/place-row.ts';
import { formatDuration } from '../../lib/duration.ts';
import { countOf } from '../../lib/text.ts';
import type { ThrottleCause } from '../../sources/source.ts';
import { foldWords } from '../terminal/fold.ts';
import { oneLine, printLine, printTable, type TableCell, type Tint, tint, widthOf } from '../terminal/print.ts';
import { printProblems } from '../terminal/print-failure.ts';
import { shortPaths } from '../terminal/short-paths.ts';
import { timeText } from '../terminal/time-text.ts';
import type { World } from '../terminal/world.ts';
import { printAcknowledged } from './acknowledged.ts';
import { reloadTexts } from './reload-texts.ts';
import { isElsewhere, ruleNotes } from './rule-notes.ts';
import type { FiringRow, LeaseRow, RuleRow, RunnerRow, StandbyRow, StatusDocument } from './status-document.ts';

/** Names of tenants or targets on one line. */
const MOST_NAMED = 5;

/** For a person: who runs, what is wrong and why, what waits. */
export function printStatus(world: World, status: StatusDocument, stateName: string): void {
  printRunner(world, status, stateName);
  for (const text of standbyTexts(status.standby)) printText(world, text, null);
  for (const { text, colour } of reloadTexts(status.reload)) printText(world, text, colour);
  printLine(world);
  printRules(world, status);
  printTenants(world, status.tenants);
  printTargets(world, status.targets);
  printHealth(world, status.health);
  printFiring(world, status.firing);
  printAcknowledged(world, status.acknowledgements);
  printSilent(world, status);
  if (status.problems.length > 0) world.stderr.write('These rule files do not load:\n');
  printProblems(world, status.problems, 'RULE_INVALID');
  if (status.refusals.length > 0) world.stderr.write('These cannot run here and are left out:\n');
  printProblems(world, status.refusals, 'RULE_INVALID');
}

function printRunner(world: World, { runner, runnerState, lastRunner }: StatusDocument, stateName: string): void {
  if (runnerState === 'unknown') {
    const text = `Whether a runner is alive is not known: this user cannot look at the lock of ${stateName}.`;
    printText(world, text, 'yellow');
  } else if (runner) printText(world, aliveText(runner), 'green');
  else {
    const last = lastRunner ? endText(lastRunner, lastRunner.endedAt) : 'None has ever worked on this state.';
    printText(world, `No runner is alive: nothing is searched or delivered. ${last}`, 'red');
  }
}

function standbyTexts(standby: StandbyRow | null): readonly string[] {
  if (!standby) return [];
  const { machines, sharing, takeovers } = standby;
  const texts = [
    ...sharing.map((one) => `${nameOf(one)} has ${leasesText(one.leases)}.`),
    ...machines.map((one) => `${nameOf(one)} stands by.`),
  ];
  if (takeovers === 0) return texts;
  return [...texts, `Within the last hour one had to take over from another ${countOf(takeovers, 'time')}.`];
}

/** A few by their names, and how many more. */
function leasesText(leases: readonly LeaseRow[]): string {
  const kinds = ['tenant', 'target'] as const;
  const parts = kinds.flatMap((kind) => {
    const names = leases.filter((one) => one.kind === kind).map(({ name }) => name);
    const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
    return names.length > 0 ? [`${kind}s ${names.slice(0, MOST_NAMED).join(', ')}${more}`] : [];
  });
  return [...parts, ...(leases.some(({ kind }) => kind === 'chores') ? ['the chores'] : [])].join('; ');
}

function aliveText(runner: RunnerRow): string {
  if (runner.pid === null) return 'A runner is alive; it is starting, or too old to say who it is.';
  const rules = `${countOf(runner.rules ?? 0, 'rule')} loaded (hash ${runner.rulesHash?.slice(0, 12)})`;
  return `${nameOf(runner)} is alive: since ${timeText(runner.startedAt)}, with ${rules}.`;
}

function endText(runner: RunnerRow, endedAt: string | null): string {
  const end = endedAt === null ? 'was killed or crashed' : `ended at ${timeText(endedAt)}`;
  return `The last one, ${nameOf(runner)}, started at ${timeText(runner.startedAt)} and ${end}.`;
}

function nameOf({ verb, version, pid, machine }: Pick<RunnerRow, 'verb' | 'version' | 'pid' | 'machine'>): string {
  return `"huntwire ${verb}" ${version} (pid ${pid} on ${machine})`;
}

const TINTS: Readonly<Record<string, Tint>> = { ok: 'green', disabled: 'dim', unused: 'dim', 'never run': 'yellow' };

function shade(text: string): TableCell {
  return { text, colour: TINTS[text] ?? 'red' };
}

function printRules(world: World, status: StatusDocument): void {
  const { rules, runner } = status;
  const cells = rules.map((row) => [
    row.tenant,
    row.rule,
    shade(stateText(row, runner)),
    timeText(row.coveredTo),
    row.lagSeconds === null ? '-' : formatDuration(row.lagSeconds * 1000),
    runner ? timeText(row.nextRunAt) : '-',
  ]);
  if (rules.length === 0) printLine(world, 'There are no rules.');
  else printTable(world, ['TENANT', 'RULE', 'STATE', 'COVERED TO', 'LAG', 'NEXT RUN'], cells);
  for (const note of ruleNotes(status)) printText(world, note, null);
  printLine(world);
}

function stateText(row: RuleRow, runner: RunnerRow | null): string {
  const state = row.state === 'never-run' ? 'never run' : row.state;
  if (!isElsewhere(row, runner) || row.state === 'removed') return state;
  return row.loadedHash === null ? 'not loaded' : 'changed';
}

/** Smaller differences change nothing that is shown. */
const WORTH_TELLING_S = 60;

function printTenants(world: World, tenants: readonly TenantRow[]): void {
  printTable(
    world,
    ['TENANT', 'API', 'PAUSED UNTIL', 'CALLS/H', 'RUN S/H'],
    tenants.map((row) => [row.tenant, row.api, timeText(row.pausedUntil), String(row.calls), String(row.runSeconds)]),
  );
  for (const { tenant, blocked } of tenants) if (blocked !== null) printText(world, `${tenant}: ${blocked}`, 'red');
  for (const row of tenants) if (row.slowedBy) printText(world, slowText(row), null);
  for (const { tenant, skewSeconds } of tenants) {
    if (Math.abs(skewSeconds) <= WORTH_TELLING_S) continue;
    const side = skewSeconds > 0 ? 'ahead of' : 'behind';
    const by = formatDuration(Math.abs(skewSeconds) * 1000);
    const text = `${tenant}: times are this machine's clock less what it was last known to be off: ${by} ${side} the service's.`;
    printText(world, text, null);
  }
  printLine(world);
}

const SLOWED_BY: Readonly<Record<ThrottleCause, string>> = {
  calls: 'its calls were more than it allows',
  others: 'others who use the tenant have used up its calls',
  processing: 'queries have used up the time to process them',
};

function slowText({ tenant, slowedBy, pace, lowHeldUntil }: TenantRow): string {
  const why = slowedBy ? SLOWED_BY[slowedBy] : '';
  const slow = pace < 1 ? ` For now ${Math.round(pace * 100)} % of the calls a minute and hour are made.` : '';
  const held = lowHeldUntil ? ` Low rules and what catches up wait until ${timeText(lowHeldUntil)}.` : '';
  return `${tenant}: the service refused for its quota: ${why}.${slow}${held}`;
}

function printTargets(world: World, targets: readonly TargetRow[]): void {
  if (targets.length === 0) printLine(world, 'There are no targets: nobody is told of alerts.');
  else
    printTable(
      world,
      ['TARGET', 'STATE', 'PENDING', 'OLDEST', 'DEAD'],
      targets.map((row) => [
        row.target,
        shade(row.state),
        String(row.pending),
        timeText(row.oldestAt),
        String(row.dead),
      ]),
    );
  for (const row of targets) for (const note of targetNotes(row)) printText(world, note, null);
}

function targetNotes(row: TargetRow): readonly string[] {
  const { target, state, circuit, fallback, blockedSince, attempts, reason, pending, dead, inDigest } = row;
  const notes: string[] = [];
  const waits = `${countOf(pending, 'alert')} ${pending === 1 ? 'waits' : 'wait'}`;
  if (state === 'blocked')
    notes.push(`${target}: blocked since ${timeText(blockedSince)} (circuit ${circuit}): ${reason}; ${waits}.`);
  if (fallback?.active) notes.push(`${target}: takes nothing; its alerts go to ${fallback.target}, too.`);
  if (state === 'retrying')
    notes.push(`${target}: ${waits} after ${countOf(attempts, 'attempt')}: ${reason ?? 'no reason is known'}.`);
  if (state === 'failing') notes.push(`${target}: its newest alert was given up: ${reason}.`);
  if (state === 'removed' && pending > 0)
    notes.push(`${target}: is in no configuration; ${waits} and become dead letters.`);
  if (inDigest > 0) notes.push(`${target}: ${countOf(inDigest, 'alert')} for its next digest.`);
  if (dead > 0) notes.push(`${target}: ${countOf(dead, 'dead letter')}: "huntwire dlq list" tells why.`);
  return notes;
}

function printHealth(world: World, health: readonly HealthRow[]): void {
  if (health.length === 0) return;
  printLine(world);
  const rows = health.map(({ tenant, code, subject, since }) => [tenant, code, subject, timeText(since)]);
  printTable(world, ['TENANT', 'OPEN HEALTH ALERT', 'ABOUT', 'SINCE'], rows);
}

const MOST_FIRING = 20;

function printFiring(world: World, firing: readonly FiringRow[]): void {
  if (firing.length === 0) return;
  printLine(world);
  const rows = firing
    .slice(0, MOST_FIRING)
    .map((row) => [
      row.tenant,
      row.rule,
      row.alertId.slice(0, 12),
      row.severity,
      timeText(row.since),
      row.acknowledged?.by ?? '-',
      row.resolvesAt === null ? (row.goneFrom === null ? 'it is there' : 'gone') : timeText(row.resolvesAt),
    ]);
  printTable(world, ['TENANT', 'FIRING ALERT OF', 'ID', 'SEVERITY', 'SINCE', 'TAKEN BY', 'RESOLVES'], rows);
  if (firing.length > MOST_FIRING) printLine(world, `and ${firing.length - MOST_FIRING} more`);
}

function printSilent(world: World, { silences, maintenance }: StatusDocument): void {
  const rows = [
    ...silences.map((one) => [one.id, one.state, timeText(one.ends), String(one.hidden), one.owner, one.reason]),
    ...maintenance.flatMap(({ name, until, hidden, owner, reason }) =>
      until === null ? [] : [[name, 'maintenance', timeText(until), String(hidden), owner, reason]],
    ),
  ];
  if (rows.length === 0) return;
  printLine(world);
  printTable(world, ['SILENCE', 'STATE', 'UNTIL', 'HIDDEN', 'OWNER', 'REASON'], rows);
}

/** One paragraph, folded, its further lines indented. */
function printText(world: World, text: string, colour: Tint | null): void {
  const [first = '', ...rest] = foldWords(shortPaths(world.cwd, oneLine(text)), widthOf(world.stdout) - 2);
  for (const line of [first, ...rest.map((one) => `  ${one}`)]) {
    printLine(world, colour === null ? line : tint(world, colour, line));
  }
}
