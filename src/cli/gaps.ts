import { Option } from 'commander';
import { GAP_OUTCOMES, type GapRow, type GapsAsked, gapsAsked } from '../actions/rules/list-gaps.ts';
import { countOf } from '../lib/text.ts';
import { stateDepsOf } from './action/state-deps-of.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, collect, withConfig, withFormat } from './options.ts';
import { printJson, printLine, printTable } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

interface GapsOptions extends CommonOptions, Pick<GapsAsked, 'tenant' | 'since'> {
  readonly outcome: readonly string[];
  readonly exitCode: boolean;
}

export const gaps: Verb = (program, world, done) => {
  const command = program.command('gaps');
  withFormat(withConfig(command))
    .argument('[rules...]', 'ids of rules; all where left out')
    .option('--tenant <name>', 'only this tenant')
    .addOption(
      new Option(
        '--outcome <kind>',
        `only this kind, repeatable: ${GAP_OUTCOMES.join(', ')}; all but pending where left out`,
      )
        .argParser(collect)
        .default([], 'all but pending'),
    )
    .option('--since <time>', 'only what ends behind this time: ISO, or a duration back from now')
    .option('--exit-code', 'exit 5 where there is any', false)
    .action(async (rules: readonly string[], options: GapsOptions) => done(await showGaps(world, rules, options)));
};

async function showGaps(world: World, rules: readonly string[], options: GapsOptions): Promise<number> {
  const { tenant, since, outcome: outcomes } = options;
  const asked = { rules, outcomes, ...(tenant !== undefined && { tenant }), ...(since !== undefined && { since }) };
  const found = await gapsAsked(asked, stateDepsOf(world, options.config));
  if (options.format === 'json') printJson(world, { gaps: found });
  else printGaps(world, found);
  return options.exitCode && found.length > 0 ? EXIT.failed : EXIT.ok;
}

function printGaps(world: World, found: readonly GapRow[]): void {
  if (found.length === 0) {
    printLine(world, 'No gaps: all that rules promise was searched.');
    return;
  }
  const rows = found.map(({ tenant, rule, from, to, outcome, reason }) => [
    tenant,
    rule,
    short(from),
    short(to),
    outcome,
    reason ?? '',
  ]);
  printTable(world, ['TENANT', 'RULE', 'FROM', 'TO', 'OUTCOME', 'REASON'], rows);
  const fillable = found.find(({ outcome }) => outcome === 'gap' || outcome === 'truncated' || outcome === 'disabled');
  if (!fillable) return;
  printLine(world);
  printLine(
    world,
    `${countOf(found.length, 'gap')}. Search one again: huntwire backfill ${fillable.rule} --from ${fillable.from} --to ${fillable.to}`,
  );
}

function short(time: string): string {
  return time.replace('T', ' ').replace(/:\d\d\.\d+Z$/, 'Z');
}
