import { countOf } from '../../lib/text.ts';
import { type RuleReport, reportRules } from '../../rules/readers/rule-report.ts';
import type { Verdict, VerdictName } from '../../rules/readers/verdict.ts';
import type { RulePlaces } from '../../rules/rule-places.ts';
import { EXIT } from '../exit-codes.ts';
import { readRuleSet } from '../rule-set.ts';
import { oneLine, printJson, printLine, printTable, type TableCell, type Tint } from '../terminal/print.ts';
import { printProblems } from '../terminal/print-failure.ts';
import { shortPaths } from '../terminal/short-paths.ts';
import type { World } from '../terminal/world.ts';

const TINTS: Readonly<Record<VerdictName, Tint>> = { loaded: 'green', warnings: 'yellow', refused: 'red' };

/**
 * Prints what became of every rule, then totals that add up to the files; on stderr what is wrong beside rule files: paths that lead nowhere,
 * saved functions and lists. 1 where anything was refused.
 */
export async function printVerdicts(world: World, places: RulePlaces, format: string): Promise<number> {
  const { verdicts, prepared, problems, refusals } = await readRuleSet(world, places);
  const elsewhere = [...problems, ...refusals].filter(({ file }) => !verdicts.some((one) => one.file === file));
  const report = reportRules(verdicts, prepared);
  if (format === 'json') printJson(world, report);
  else printText(world, report);
  printProblems(world, elsewhere, 'RULE_INVALID');
  if (elsewhere.length > 0) return EXIT.findings;
  return report.verdicts.some(({ verdict }) => verdict === 'refused') ? EXIT.findings : EXIT.ok;
}

function printText(world: World, { verdicts, totals }: RuleReport): void {
  if (verdicts.length > 0) {
    const rows = verdicts.map((one) => rowOf(world, one));
    printTable(world, ['VERDICT', 'FORMAT', 'FILE', 'RULE', 'WHY, AND WHICH KEYS'], rows);
    printLine(world);
  }
  const { files, loaded, warnings, refused, rules } = totals;
  const parts = `${loaded} loaded, ${warnings} with warnings, ${refused} refused`;
  printLine(world, `${countOf(files, 'file')}: ${parts}; ${countOf(rules, 'rule')} can run.`);
}

function rowOf(world: World, one: Verdict): readonly TableCell[] {
  const file = shortPaths(world.cwd, oneLine(one.file));
  return [{ colour: TINTS[one.verdict], text: one.verdict }, one.format, file, one.rule ?? '-', wordsOf(one)];
}

function wordsOf({ reason, warnings, honoured, approximated, ignored }: Verdict): string {
  const lists = [
    ['honoured', honoured],
    ['approximated', approximated],
    ['ignored', ignored],
  ] as const;
  const keys = lists.filter(([, list]) => list.length > 0).map(([name, list]) => `${name}: ${list.join(', ')}`);
  const told = reason === null ? warnings.map(({ line, message }) => `line ${line}: ${message}`) : [reason];
  return [...told, ...keys].join(' | ');
}
