import { countOf, cutText } from '../../lib/text.ts';
import type {
  ExplainedKey,
  ExplainedMapping,
  ExplainedTarget,
  ExplainedWindow,
  RuleExplanation,
} from '../../trial/explain/explanation.ts';
import { oneLine, printLine, printTable, tint } from '../terminal/print.ts';
import { shortPaths } from '../terminal/short-paths.ts';
import type { World } from '../terminal/world.ts';
import { printHistory } from './print-history.ts';
import { printRow } from './print-row.ts';
import { howText } from './shown-way.ts';
import { zonedTime } from './zoned-time.ts';

/** An explanation for people: what, when, over what, the query, what becomes of its rows. */
export function printExplanation(world: World, told: RuleExplanation): void {
  const { rule, name, status, severity, file } = told;
  printLine(world, `${tint(world, 'bold', oneLine(rule))}  ${oneLine(name)}`);
  printLine(world, `${severity}, ${status}, ${shortPaths(world.cwd, oneLine(file))}`);
  const { tenants } = told;
  printLine(world, tenants.length === 0 ? 'no tenant runs it' : `tenants: ${oneLine(tenants.join(', '))}`);
  printTimes(world, told);
  printHead(world, 'Tables');
  printTable(
    world,
    ['table', 'role', 'window', 'own filter'],
    told.tables.map((table) => [table.name, table.role, windowText(table.window), table.filter ?? '-']),
  );
  printFunctions(world, told);
  printHead(world, 'Query as it is sent');
  for (const line of told.query.split(/\r?\n/)) printLine(world, `  ${oneLine(line)}`);
  printResult(world, told);
  printMapping(world, told.mapping);
  printHead(world, 'Targets');
  if (told.targets.length === 0) printLine(world, '  none');
  for (const way of told.targets) printLine(world, `  ${oneLine(way.target)}: ${oneLine(targetText(way))}`);
  printMaySilence(world, told);
  printOverlays(world, told);
  printHead(world, 'Cost');
  printLine(
    world,
    `  ${countOf(Math.ceil(told.cost.callsPerDay), 'call')} a day; retries and heavy windows come on top`,
  );
  for (const row of told.row ?? []) printRow(world, row);
  for (const history of told.history ?? []) printHistory(world, history);
}

function printMaySilence(world: World, { silences }: RuleExplanation): void {
  if (silences.length === 0) return;
  printHead(world, 'May be silent');
  for (const { kind, id, match, ends, owner, reason } of silences) {
    const until = ends === null ? '' : ` until ${ends}`;
    printLine(world, oneLine(`  ${kind} ${id}${until} (${owner}: ${reason}), for ${match.join(', ')}`));
  }
}

function printHead(world: World, text: string): void {
  printLine(world);
  printLine(world, tint(world, 'bold', text));
}

function printFunctions(world: World, { functions, watchlists, query }: RuleExplanation): void {
  if (functions.length + watchlists.length === 0) return;
  printHead(world, `In front of the query, which has ${query.length} characters with it`);
  const pathOf = (file: string): string => shortPaths(world.cwd, oneLine(file));
  printTable(
    world,
    ['what', 'name', 'file'],
    [
      ...watchlists.map(({ alias, file, rows }) => [`list, ${countOf(rows, 'row')}`, oneLine(alias), pathOf(file)]),
      ...functions.map(({ name, file }) => ['function', oneLine(name), pathOf(file)]),
    ],
  );
}

function printTimes(world: World, told: RuleExplanation): void {
  const { schedule, shape, because, lookback, together, next, window, lengths } = told;
  printHead(world, 'Schedule');
  const zone = 'cron' in schedule ? schedule.timezone : 'UTC';
  const when = 'cron' in schedule ? `cron ${schedule.cron} in ${zone}` : `every ${schedule.every}`;
  const looks = lookback === null ? '' : `, looks back ${lookback}`;
  printLine(world, `  ${oneLine(when)}${looks}`);
  printLine(world, `  next: ${next.length === 0 ? 'never' : next.map((time) => zonedTime(time, zone)).join(', ')}`);
  printLine(world, `  ${shape}: ${oneLine(because)}`);
  if (together !== null) printLine(world, `  two events are found together when they arrive at most ${together} apart`);
  printLine(world, `  window of the next run: ${windowText(window)}`);
  if (lengths) printLine(world, `  ${lengthsText(lengths)}`);
}

function lengthsText({ delay, readAgain, lateness }: NonNullable<RuleExplanation['lengths']>): string {
  const again = readAgain === null ? '' : `, reads ${readAgain} again`;
  const late = lateness === null ? '' : `, finds events that arrive up to ${lateness} late`;
  return `asks ${delay} behind its time${again}${late}`;
}

function windowText(window: ExplainedWindow | null): string {
  if (window === null) return 'none';
  return `${shortTime(window.from)} to ${shortTime(window.to)} by ${window.basis}`;
}

function shortTime(time: string): string {
  return time.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}

function printResult(world: World, { columns, rowKey }: RuleExplanation): void {
  printHead(world, 'Result');
  const known = columns?.map(({ name, type }) => `${name}: ${type}`).join(', ');
  printLine(world, `  columns: ${oneLine(known ?? 'known once the query was run')}`);
  printLine(world, `  a row is known by ${oneLine(keyText(rowKey))}`);
}

function keyText({ by, columns, fanOut, without }: ExplainedKey): string {
  if (by === 'columns') return columns.join(', ');
  if (by === 'row') return without.length === 0 ? 'all of its columns' : `all of its columns but ${without.join(', ')}`;
  return `its event (${columns.join(', ')})${fanOut.length === 0 ? '' : ` and ${fanOut.join(', ')}`}`;
}

function printMapping(world: World, mapping: ExplainedMapping): void {
  const { threshold, per, title, description, entities, inferred, details, dedup, suppress, limit } = mapping;
  printHead(world, 'Alerts');
  const { measure, column, operator, value, groupBy } = threshold;
  const grouped = groupBy.length === 0 ? '' : ` by ${groupBy.join(', ')}`;
  const lines = [
    `one per ${per} where ${measure}${column === null ? '' : ` of ${column}`} ${operator} ${value}${grouped}, at most ${limit} a run`,
    `title: ${title}`,
    ...(description === null ? [] : [`description: ${description}`]),
    ...(mapping.severityColumn === null ? [] : [`severity: from ${mapping.severityColumn}`]),
    `entities: ${entitiesText(entities, inferred)}`,
    ...Object.entries(details).map(([name, from]) => `details: ${name} from ${from}`),
    `one dedup key is ${dedup === null ? `that of the ${per}` : dedup.join(', ')}; quiet after an alert: ${suppress}`,
    lifeText(mapping),
    `exceptions: ${mapping.exceptions}`,
    ...mapping.redacted.map(({ columns, how, by }) => `redacted by the ${by}: ${columns.join(', ')} (${how})`),
  ];
  for (const line of lines) printLine(world, `  ${oneLine(line)}`);
}

function lifeText({ resolveAfter, updates }: ExplainedMapping): string {
  if (resolveAfter === null) return 'never resolved';
  const told =
    updates === null
      ? ''
      : `; updates: ${updates.when === 'grown' ? `of growth every ${updates.every}, and ` : ''}of a severity that rises`;
  return `resolved when gone for ${resolveAfter}${told}`;
}

function entitiesText(entities: ExplainedMapping['entities'], inferred: boolean): string {
  if (entities === null) return 'inferred from well-known columns';
  const named = entities.map(({ type, fields }) => `${type} (${Object.values(fields).join(', ')})`).join(', ');
  return inferred ? `inferred from well-known columns, and ${named}` : named;
}

const LONGEST_VALUE = 60;

function printOverlays(world: World, { overlays }: RuleExplanation): void {
  if (overlays.length === 0) return;
  printHead(world, 'Overlays');
  const shown = overlays.map(({ path, file, line, value }) => {
    const said = oneLine(JSON.stringify(value) ?? 'nothing');
    return [oneLine(path), cutText(said, LONGEST_VALUE), `${shortPaths(world.cwd, oneLine(file))}:${line}`];
  });
  printTable(world, ['key', 'value', 'set by'], shown);
}

function targetText(way: ExplainedTarget): string {
  const how = howText(way);
  return how === 'at once' ? way.because : `${way.because}; ${how}`;
}
