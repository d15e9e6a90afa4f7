import type { Untested, UntestedReason } from '../../trial/untested.ts';
import { relativePath } from '../lint/relative-path.ts';
import { oneLine, printLine, tint } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';

const WORDS: Readonly<Record<UntestedReason | 'or', string>> = {
  query: 'no test has events ("tables") for the query; "rows" are its result, and run none of it',
  'never-asked': 'no row of any test comes to',
  'never-true': 'no row of any test passes',
  or: 'no row of any test passes by',
  'never-false': 'no test has a row that is dropped by',
  'never-chosen': 'no row of any test takes the arm',
};

const LONGEST = 80;

/** A line for each part of a query that no test reached. */
export function printUntested(world: World, parts: readonly Untested[]): void {
  for (const { rule, file, line, column, part, because, text } of parts) {
    const flat = oneLine(text).replace(/\s+/g, ' ');
    const short = flat.length > LONGEST ? `${flat.slice(0, LONGEST - 1)}…` : flat;
    const place = `${relativePath(world.cwd, file)}:${line}:${column}`;
    printLine(
      world,
      `${tint(world, 'yellow', 'untested')} ${oneLine(`${place}: ${rule}: ${WORDS[part === 'or' ? part : because]} ${short}`).trimEnd()}`,
    );
  }
}
