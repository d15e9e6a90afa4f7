import { visible, visibleJson, visibleLine } from '../../lib/visible.ts';
import { columnsOf, type ShownCell } from './columns.ts';
import { withoutCommands } from './guard.ts';
import type { Terminal, World } from './world.ts';

/** A text of a table, or one in a colour. */
export type TableCell = string | { readonly colour: Tint; readonly text: string };

/** Aligned columns without lines, under a dim head, folded to a terminal's width. Cells are texts from outside. */
export function printTable(world: World, head: readonly string[], rows: readonly (readonly TableCell[])[]): void {
  const titles = head.map((text) => ({ text, paint: (line: string) => dim(world, line) }));
  const lines = columnsOf(
    [titles, ...rows.map((row) => row.map((cell) => shownCell(world, cell)))],
    widthOf(world.stdout),
  );
  for (const line of lines) printLine(world, line);
}

function shownCell(world: World, cell: TableCell): ShownCell | string {
  if (typeof cell === 'string') return oneLine(cell);
  return { text: oneLine(cell.text), paint: (line) => tint(world, cell.colour, line) };
}

/** How wide lines may be: what is piped into another program is not folded. */
export function widthOf({ isTTY, columns }: Terminal): number {
  return isTTY ? Math.max(LEAST_COLUMNS, columns) : Number.POSITIVE_INFINITY;
}

const LEAST_COLUMNS = 40;

/** Text from outside cannot move the cursor or fake a line. */
export function oneLine(text: string): string {
  return visibleLine(text);
}

export function printLine(world: World, text = ''): void {
  world.stdout.write(`${withoutCommands(text)}\n`);
}

/**
 * Data in a form of its own, such as CSV: into a file or another program as it is; on a terminal without what that would obey, and in
 * the log of a build without what the service would, whose environment cannot tell a log from a pipe.
 */
export function printData(world: World, text: string): void {
  if (world.stdout.isTTY) world.stdout.write(visible(text.replaceAll('\r\n', '\n')));
  else world.stdout.write(isBuild(world) ? withoutCommands(text) : text);
}

/** GitHub, Azure, TeamCity. */
function isBuild({ env }: World): boolean {
  return Boolean(env.GITHUB_ACTIONS ?? env.TF_BUILD ?? env.TEAMCITY_VERSION);
}

export function printJson(world: World, value: unknown): void {
  world.stdout.write(`${shownJson(value, world.stdout.isTTY ? 2 : 0)}\n`);
}

/** JSON that can be shown, on one line or indented. */
export function shownJson(value: unknown, indent = 0): string {
  return visibleJson(JSON.stringify(value, null, indent));
}

export type Tint = 'red' | 'green' | 'yellow' | 'dim' | 'bold';

const CODES: Readonly<Record<Tint, readonly [number, number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
};

/** Colour on a terminal only, and never where NO_COLOR asks for none. */
export function tint(world: World, colour: Tint, text: string): string {
  if (!world.stdout.isTTY || world.env.NO_COLOR) return text;
  const [on, off] = CODES[colour];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

export function dim(world: World, text: string): string {
  return tint(world, 'dim', text);
}
