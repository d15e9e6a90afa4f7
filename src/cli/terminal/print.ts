import type { HuntwireError, Problem } from '../../lib/errors.ts';
import { columnsOf } from './columns.ts';
import type { World } from './world.ts';

/** A text of a table, or one in a colour. */
export type TableCell = string | { readonly colour: Tint; readonly text: string };

/** Aligned columns without lines, under a dim head. Cells are texts from outside. */
export function printTable(world: World, head: readonly string[], rows: readonly (readonly TableCell[])[]): void {
  const lines = columnsOf([
    head.map((title) => dim(world, title)),
    ...rows.map((row) => row.map((cell) => cellText(world, cell))),
  ]);
  for (const line of lines) printLine(world, line);
}

function cellText(world: World, cell: TableCell): string {
  return typeof cell === 'string' ? oneLine(cell) : tint(world, cell.colour, oneLine(cell.text));
}

/** Text from outside cannot move the cursor or fake a line. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is to be removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

export function printLine(world: World, text = ''): void {
  world.stdout.write(`${text}\n`);
}

export function printJson(world: World, value: unknown): void {
  world.stdout.write(`${JSON.stringify(value, null, world.stdout.isTTY ? 2 : 0)}\n`);
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

/** `file:line:column CODE message`, as editors and CI logs link it. */
export function problemLine(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== null).join(':');
  return `${place ? `${place} ` : ''}${problem.code} ${problem.message}`;
}

/** A failure for a person on stderr, or as the one JSON document on stdout. */
export function printFailure(world: World, error: HuntwireError, format: string): void {
  if (format === 'json') {
    printJson(world, { error: { code: error.code, message: error.message, problems: error.problems } });
    return;
  }
  for (const problem of error.problems) world.stderr.write(`${oneLine(problemLine(problem))}\n`);
  world.stderr.write(`huntwire: ${oneLine(error.message)} [${error.code}]\n`);
}
