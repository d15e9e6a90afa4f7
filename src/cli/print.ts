import Table from 'cli-table3';
import type { HuntwireError, Problem } from '../lib/errors.ts';
import type { World } from './world.ts';

/** Aligned columns without lines; the last column is cut to the terminal's width. */
export function printTable(world: World, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const blank = {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
  };
  const chars = {
    ...blank,
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  };
  const table = new Table({
    head: head.map((title) => dim(world, title)),
    chars,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  for (const row of rows) table.push(row.map(oneLine));
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  world.stdout.write(`${lines.join('\n')}\n`);
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
