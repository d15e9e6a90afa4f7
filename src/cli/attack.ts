import { techniquesByRules } from '../rules/attack/techniques-by-rules.ts';
import { loadRules } from '../rules/load-rules.ts';
import { refuseProblems } from '../rules/prepare-rules.ts';
import { attackPage } from './attack/attack-page.ts';
import { navigatorLayer } from './attack/navigator-layer.ts';
import { printAttack } from './attack/print-attack.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { rulePlaces } from './rule-paths.ts';
import { printData, printJson } from './terminal/print.ts';
import { printLeftOut } from './terminal/print-left-out.ts';
import type { World } from './terminal/world.ts';

export const attack: Verb = (program, world, done) => {
  const command = program.command('attack');
  withFormat(withConfig(command), ['text', 'json', 'navigator', 'html'])
    .argument('[paths...]', 'rule files and folders; the configured ones where left out')
    .action(async (paths: readonly string[], options: CommonOptions) => done(await showAttack(world, paths, options)));
};

async function showAttack(world: World, given: readonly string[], { config, format }: CommonOptions): Promise<number> {
  const { rules, problems } = await loadRules(await rulePlaces(world, given, config));
  if (rules.length === 0) refuseProblems(problems);
  printLeftOut(world, problems);
  const report = techniquesByRules(rules);
  if (format === 'json') printJson(world, problems.length > 0 ? { ...report, problems } : report);
  else if (format === 'navigator') printJson(world, navigatorLayer(report, 'Huntwire'));
  else if (format === 'html') printData(world, attackPage(report));
  else printAttack(world, report);
  return problems.length > 0 ? EXIT.usage : EXIT.ok;
}
