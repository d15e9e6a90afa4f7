import type { TimeRange } from '../../kql/window.ts';
import { countOf } from '../../lib/text.ts';
import type { BacktestCost } from '../../trial/backtest-cost.ts';
import type { BacktestResult, ToldAlert } from '../../trial/backtest-tally.ts';
import { type BacktestComparison, compareBacktests } from '../../trial/compare-backtests.ts';
import { dayBars } from '../terminal/day-bars.ts';
import { dim, oneLine, printJson, printLine, tint } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';

export interface BacktestReport {
  readonly tenant: string;
  readonly source: string;
  readonly range: TimeRange;
  readonly cost: BacktestCost;
  /** What the rules were called on the command line. */
  readonly names: readonly string[];
  readonly result: BacktestResult;
  /** Of the rule to compare with. */
  readonly other: BacktestResult | null;
}

const EXAMPLES = 5;
const LONGEST_LIST = 1000;

export function printBacktest(world: World, format: string, report: BacktestReport): void {
  const { result, other } = report;
  const comparison = other && compareBacktests(result.told, other.told);
  if (format === 'json') {
    printJson(world, documentOf(report, comparison));
    return;
  }
  printResult(world, report, result, report.names[0]);
  if (!other || !comparison) return;
  printLine(world);
  printResult(world, report, other, report.names[1]);
  printLine(world);
  printComparison(world, comparison);
}

function documentOf(report: BacktestReport, comparison: BacktestComparison | null): unknown {
  const { tenant, source, range, cost, result, other } = report;
  const { calls, callsPerHour, shareOfHour } = cost;
  return {
    tenant,
    source,
    from: iso(range.from),
    to: iso(range.to),
    cost: { calls, callsPerHour, shareOfHour },
    result: resultDocument(result),
    other: other && resultDocument(other),
    comparison: comparison && {
      kept: comparison.kept,
      gained: comparison.gained.length,
      lost: comparison.lost.length,
      gainedAlerts: comparison.gained.slice(0, LONGEST_LIST).map(alertDocument),
      lostAlerts: comparison.lost.slice(0, LONGEST_LIST).map(alertDocument),
    },
  };
}

function resultDocument({ ruleId, told, failures, ...result }: BacktestResult): unknown {
  return {
    rule: ruleId,
    ...result,
    told: told.slice(0, LONGEST_LIST).map(alertDocument),
    failures: failures.map(({ from, to, code, message }) => ({ from: iso(from), to: iso(to), code, message })),
  };
}

function alertDocument({ logicalTime, window, rowKeys: _, ...alert }: ToldAlert): unknown {
  return { ...alert, time: iso(logicalTime), window: { from: iso(window.from), to: iso(window.to) } };
}

function printResult(world: World, { source, range }: BacktestReport, result: BacktestResult, name = ''): void {
  const { windows } = result;
  const from = name === result.ruleId ? '' : ` (${oneLine(name)})`;
  printLine(world, `${tint(world, 'bold', result.ruleId)}${from}`);
  printLine(world, dim(world, `${iso(range.from)} to ${iso(range.to)}, ${source}, ${countOf(result.calls, 'call')}`));
  printLine(world);
  for (const line of dayBars(result.days, world.stdout.columns)) printLine(world, line);
  printLine(world);
  for (const [name, text] of figuresOf(result)) printLine(world, `${name.padEnd(12)}${text}`);
  if (windows.skipped > 0)
    printLine(
      world,
      `${'left out'.padEnd(12)}${countOf(windows.skipped, 'run')} whose data the source no longer keeps`,
    );
  printFailures(world, result);
}

function figuresOf(result: BacktestResult): readonly (readonly [string, string])[] {
  const { alerts, updates, severities, rows, hits, dedupRatio, suppressed, windows } = result;
  const percent = Math.round(dedupRatio * 1000) / 10;
  const truncated = windows.truncated > 0 ? `, ${windows.truncated} in part` : '';
  const failed = windows.failed > 0 ? `, ${windows.failed} failed` : '';
  return [
    ['windows', `${windows.answered} of ${windows.planned} answered${truncated}${failed}`],
    ['rows', String(rows)],
    ['hits', hits === 0 ? '0' : `${hits}, of which ${percent} % made no alert of their own`],
    ['held back', countsText(suppressed) || 'none'],
    ['alerts', alerts === 0 ? '0' : `${alerts} (${countsText(severities)})`],
    ...(updates > 0 ? [['updates', String(updates)] as const] : []),
  ];
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.map(([name, count]) => `${name} ${count}`).join(', ');
}

function printFailures(world: World, { failures, stopped }: BacktestResult): void {
  for (const { from, to, code, message } of failures.slice(0, EXAMPLES))
    printLine(world, tint(world, 'red', `failed      ${iso(from)} to ${iso(to)}: ${code} ${oneLine(message)}`));
  if (failures.length > EXAMPLES) printLine(world, `            and ${failures.length - EXAMPLES} more`);
  if (!stopped) return;
  const reason = `${stopped.code} ${oneLine(stopped.message)}`;
  printLine(world, tint(world, 'red', `ended early ${reason} What is shown is what was known by then.`));
}

function printComparison(world: World, { kept, gained, lost }: BacktestComparison): void {
  printLine(world, `${tint(world, 'bold', 'compared')}: ${kept} kept, ${gained.length} gained, ${lost.length} lost`);
  printExamples(world, tint(world, 'green', '+'), gained);
  printExamples(world, tint(world, 'red', '-'), lost);
}

function printExamples(world: World, mark: string, alerts: readonly ToldAlert[]): void {
  for (const { logicalTime, severity, title, rowCount, id } of alerts.slice(0, EXAMPLES))
    printLine(
      world,
      `${mark} ${iso(logicalTime)} ${severity} ${oneLine(title)} (${rowCount} ${rowCount === 1 ? 'row' : 'rows'}) ${id}`,
    );
  if (alerts.length > EXAMPLES) printLine(world, `${mark} and ${alerts.length - EXAMPLES} more`);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
