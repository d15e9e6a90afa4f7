import { countOf } from '../../lib/text.ts';
import type { AttackReport, RuledTechnique } from '../../rules/attack/techniques-by-rules.ts';
import { printLine, printTable, type TableCell } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';

/** A row for each technique, tactic by tactic; what has no place in the matrix comes last. */
export function printAttack(world: World, { techniques, tactics }: AttackReport): void {
  const rows = tactics.flatMap(({ id, name, rules }) => [
    ...techniques.filter((one) => one.tactics.includes(id)).map((one) => rowOf(name, one)),
    ...(rules.length === 0 ? [] : [[name, id, 'the tactic itself', rules.join(', '), '', '']]),
  ]);
  const astray = techniques.filter(({ tactics: own }) => own.length === 0).map((one) => rowOf('-', one));
  if (rows.length + astray.length === 0) {
    printLine(world, 'No rule names a technique or tactic.');
    return;
  }
  printTable(world, ['tactic', 'technique', 'name', 'rules', 'enabled', 'tested'], [...rows, ...astray]);
  const on = techniques.filter(({ enabled }) => enabled > 0);
  const tested = on.filter((one) => one.tested).length;
  printLine(world);
  printLine(world, `${countOf(on.length, 'technique')} with a rule that is on, ${tested} of them tested.`);
}

function rowOf(tactic: string, { id, name, rules, enabled, tested, retired }: RuledTechnique): readonly TableCell[] {
  const standing = retired ? `retired${retired.by === null ? '' : `, now ${retired.by}`}` : null;
  const title = name === '' ? 'not in the enterprise matrix' : name;
  return [
    tactic,
    id,
    standing ? { colour: 'yellow', text: `${title} (${standing})` } : title,
    rules.join(', '),
    String(enabled),
    tested ? 'yes' : { colour: 'yellow', text: 'no' },
  ];
}
