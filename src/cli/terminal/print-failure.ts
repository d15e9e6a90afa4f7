import type { HuntwireError, Problem } from '../../lib/errors.ts';
import { countOf } from '../../lib/text.ts';
import { oneLine, printJson } from './print.ts';
import { printByFile } from './print-findings.ts';
import { shortPaths } from './short-paths.ts';
import type { World } from './world.ts';

/** A failure for a person on stderr, each problem once, or as the one JSON document on stdout. */
export function printFailure(world: World, error: HuntwireError, format: string): void {
  const { code, message, problems } = error;
  if (format === 'json') {
    printJson(world, { error: { code, message, problems } });
    return;
  }
  const [first, second] = problems;
  const text = second ? summary(problems) : first ? placed(first) : message;
  world.stderr.write(`huntwire: ${shortPaths(world.cwd, oneLine(text))} [${code}]\n`);
  if (second) printProblems(world, problems, code);
}

/** Problems by file on stderr. `code` is told already and not repeated. */
export function printProblems(world: World, problems: readonly Problem[], code: string): void {
  const findings = problems.map((problem) => ({
    ...problem,
    severity: null,
    suggestion: null,
    check: problem.code === code ? null : problem.code,
  }));
  printByFile(world, world.stderr, findings);
}

/** `file:line:column: message`, as editors and CI logs link it. */
function placed({ file, line, column, message }: Problem): string {
  const place = [file, line, column].filter((part) => part !== null).join(':');
  return place ? `${place}: ${message}` : message;
}

function summary(problems: readonly Problem[]): string {
  const files = new Set(problems.map((problem) => problem.file));
  const [only] = files;
  const where = files.size === 1 ? (only ?? '') : countOf(files.size, 'file');
  return `${countOf(problems.length, 'problem')}${where ? ` in ${where}` : ''}, nothing was done.`;
}
