import type { PlantedAttack } from '../../emulator/company/company.ts';
import { formatDuration, SECOND_MS } from '../../lib/duration.ts';
import { dim, oneLine, printLine, printTable, type TableCell, type Tint, tint } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';
import { SYSLOG, WEBHOOK } from './demo-config.ts';
import type { DemoConsole } from './demo-console.ts';
import { type AttackLine, type DemoReport, minutesText, type RuleLine, verdictText } from './report.ts';
import type { ReceivedAlert } from './scoreboard.ts';

/** What a person sees of the demo, as it goes. */
export interface Show {
  opening(factor: number): void;
  attack(attack: PlantedAttack): void;
  alert(received: ReceivedAlert): void;
  closing(report: DemoReport): void;
  staying(configFile: string, pages: Pick<DemoConsole, 'address' | 'token'>): void;
}

export function createShow(world: World): Show {
  return {
    opening: (factor) => {
      printLine(world, 'A small company on this machine, a stand-in for Microsoft, an HTTP and a syslog receiver.');
      printLine(
        world,
        `Time goes ${factor} times as fast: a second is ${formatDuration(factor * SECOND_MS)}. It stands still while a query runs.\n`,
      );
    },
    attack: ({ at, name, story }) => printLine(world, dim(world, `${timeOf(at)}  attack    ${name}: ${story}`)),
    alert: (received) => printLine(world, alertLine(world, received)),
    closing: (report) => printReport(world, report),
    staying: (configFile, { address, token }) => {
      printLine(world, '\nStill running until Ctrl-C. Try, in another terminal:');
      for (const verb of [
        'status',
        'doctor',
        "query 'DeviceProcessEvents | summarize count() by FileName | top 10 by count_'",
      ]) {
        printLine(world, `  npx huntwire ${verb} --config ${configFile}`);
      }
      printLine(world, `\nOr look at it: ${address} (sign in with ${token})\n`);
    },
  };
}

/** For `--format json`: nothing until the end. */
export const SILENT_SHOW: Show = {
  opening: () => undefined,
  attack: () => undefined,
  alert: () => undefined,
  closing: () => undefined,
  staying: () => undefined,
};

const TINTS: Readonly<Record<ReceivedAlert['alert']['severity'], Tint>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'dim',
  informational: 'dim',
};

function alertLine(world: World, { alert, at, attacks }: ReceivedAlert): string {
  const severity = tint(world, TINTS[alert.severity], alert.severity.padEnd(8).slice(0, 8));
  const shows = attacks.map((attack) => `shows "${attack.name}"`).join(', ');
  return `${timeOf(at)}  ${severity}  ${tint(world, 'bold', oneLine(alert.title))}  ${dim(world, shows)}`.trimEnd();
}

function printReport(world: World, report: DemoReport): void {
  printLine(world);
  printTable(world, ['rule', 'runs', 'rows', 'hits', 'alerts', 'webhook', 'syslog'], report.rules.map(ruleCells));
  printLine(world);
  const over = !report.hung && !report.interrupted;
  const attacks = report.attacks.map((line) => attackCells(line, over));
  printTable(world, ['attack', 'planted', 'found by', 'after', 'webhook', 'syslog'], attacks);
  printLine(world);
  for (const reason of report.refused) printLine(world, tint(world, 'red', oneLine(reason)));
  for (const title of report.otherAlerts) printLine(world, `Alert that shows no attack: ${oneLine(title)}`);
  printLine(world, tint(world, report.ok ? 'green' : report.interrupted ? 'yellow' : 'red', verdictText(report)));
}

function ruleCells(line: RuleLine): readonly string[] {
  const counts = [line.rows, line.hits, line.alerts, line.delivered[WEBHOOK] ?? 0, line.delivered[SYSLOG] ?? 0];
  const runs = line.failed > 0 ? `${line.runs} (${line.failed} failed)` : String(line.runs);
  return [line.rule, runs, ...counts.map(String)];
}

function attackCells(line: AttackLine, over: boolean): readonly TableCell[] {
  const found: TableCell = line.foundBy ?? (over ? { colour: 'red', text: 'missed' } : 'not yet');
  const after = line.foundAfterSeconds === null ? '' : minutesText(line.foundAfterSeconds);
  const webhook = line.webhook ? 'signed' : '-';
  return [line.name, timeOf(Date.parse(line.plantedAt)).slice(0, 5), found, after, webhook, line.syslog ? 'yes' : '-'];
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}
