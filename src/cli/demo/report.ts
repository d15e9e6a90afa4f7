import { messageId } from '../../alerts/alert.ts';
import type { PlantedAttack } from '../../emulator/company/company.ts';
import { MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import { countOf } from '../../lib/text.ts';
import { SYSLOG, WEBHOOK } from './demo-config.ts';
import { areAllFound, finderOf, isAllReceived, missingAt, receivedOf, type Scoreboard } from './scoreboard.ts';

export interface RuleLine {
  readonly rule: string;
  readonly runs: number;
  readonly failed: number;
  readonly rows: number;
  readonly hits: number;
  readonly alerts: number;
  /** Alerts that came, by target. */
  readonly delivered: Readonly<Record<string, number>>;
}

export interface AttackLine {
  readonly name: string;
  readonly story: string;
  readonly plantedAt: string;
  /** Id of the rule; null: missed. */
  readonly foundBy: string | null;
  readonly foundAfterSeconds: number | null;
  readonly webhook: boolean;
  readonly syslog: boolean;
}

/** What the demo shows in the end, and the one document of `--format json`. */
export interface DemoReport {
  readonly ok: boolean;
  readonly from: string;
  readonly to: string;
  readonly factor: number;
  readonly wallSeconds: number;
  /** It was ended before its end, because it took too long: what was not found says nothing of the rules. */
  readonly hung: boolean;
  /** Somebody ended it before its end. */
  readonly interrupted: boolean;
  readonly rules: readonly RuleLine[];
  readonly attacks: readonly AttackLine[];
  /** Alerts that belong to no attack: false positives and health alerts. */
  readonly otherAlerts: readonly string[];
  /** Message ids that did not come, by target. */
  readonly missing: Readonly<Record<string, readonly string[]>>;
  readonly refused: readonly string[];
}

export interface DemoTimes {
  /** Demo time, epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly factor: number;
  readonly wallMs: number;
  readonly hung: boolean;
  readonly interrupted: boolean;
}

export function demoReport(scoreboard: Scoreboard, ruleIds: readonly string[], times: DemoTimes): DemoReport {
  return {
    ok: areAllFound(scoreboard) && isAllReceived(scoreboard) && scoreboard.refused.length === 0,
    from: new Date(times.from).toISOString(),
    to: new Date(times.to).toISOString(),
    factor: times.factor,
    wallSeconds: Math.round(times.wallMs / SECOND_MS),
    hung: times.hung,
    interrupted: times.interrupted,
    rules: ruleIds.map((rule) => ruleLine(scoreboard, rule)),
    attacks: scoreboard.attacks.map((attack) => attackLine(scoreboard, attack)),
    otherAlerts: scoreboard.alerts.filter((one) => one.attacks.length === 0).map((one) => one.alert.title),
    missing: { [WEBHOOK]: missingAt(scoreboard, WEBHOOK), [SYSLOG]: missingAt(scoreboard, SYSLOG) },
    refused: scoreboard.refused,
  };
}

function ruleLine(scoreboard: Scoreboard, rule: string): RuleLine {
  const runs = scoreboard.runs.filter((run) => run.ruleId === rule);
  const sum = (count: (run: (typeof runs)[number]) => number): number =>
    runs.reduce((total, run) => total + count(run), 0);
  return {
    rule,
    runs: runs.length,
    failed: runs.filter((run) => run.error !== null).length,
    rows: sum((run) => run.rows),
    hits: sum((run) => run.hits),
    alerts: sum((run) => run.alerts),
    delivered: { [WEBHOOK]: receivedOf(scoreboard, WEBHOOK, rule), [SYSLOG]: receivedOf(scoreboard, SYSLOG, rule) },
  };
}

function attackLine(scoreboard: Scoreboard, attack: PlantedAttack): AttackLine {
  const found = finderOf(scoreboard, attack);
  return {
    name: attack.name,
    story: attack.story,
    plantedAt: new Date(attack.at).toISOString(),
    foundBy: found?.alert.rule.id ?? null,
    foundAfterSeconds: found && Math.round((found.at - attack.at) / SECOND_MS),
    webhook: found !== null,
    syslog: found !== null && (scoreboard.received[SYSLOG]?.has(messageId(found.alert)) ?? false),
  };
}

/** `7 min`, for times that only tell how long something took. */
export function minutesText(seconds: number): string {
  return `${Math.max(1, Math.round((seconds * SECOND_MS) / MINUTE_MS))} min`;
}

/** The last line of the demo. Attacks count as missed only where the rules had the time to find them. */
export function verdictText(report: DemoReport): string {
  const found = report.attacks.filter((line) => line.foundBy !== null).length;
  const attacks = `${found} of ${countOf(report.attacks.length, 'attack')}`;
  const time = report.wallSeconds < 60 ? `${report.wallSeconds} s` : minutesText(report.wallSeconds);
  if (report.hung)
    return `This machine was too slow: the demo was ended after ${time}, with ${attacks} found so far. That says nothing of the rules; try again when less runs beside it.`;
  if (report.interrupted) return `Ended by hand after ${time}, with ${attacks} found so far.`;
  const missing = Object.values(report.missing).flat().length;
  const received = missing === 0 ? 'every alert received by both targets' : `${countOf(missing, 'alert')} not received`;
  return `${attacks} found, ${received}, in ${time}.`;
}
