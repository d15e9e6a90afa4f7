import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunnableRule } from '../rules/rule.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../run/windows.ts';
import { explainRule } from '../trial/explain/explain-rule.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { printExplanation } from './explain/print-explanation.ts';
import { findRule } from './find-rule.ts';
import { type CommonOptions, DEFAULT_CONFIG, withConfig, withFormat } from './options.ts';
import { rulePlaces } from './rule-paths.ts';
import { printJson } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

export const explain: Verb = (program, world, done) => {
  const command = program.command('explain');
  withFormat(withConfig(command))
    .argument('<rule>', 'id of a configured rule, or a rule file')
    .action(async (rule: string, options: CommonOptions) => done(await explainOne(world, rule, options)));
};

async function explainOne(world: World, name: string, { config, format }: CommonOptions): Promise<number> {
  const rule = await findRule(world, name, (file) => rulePlaces(world, file === undefined ? [] : [file], config));
  const targets = await targetsOf(world, rule, config);
  const explained = explainRule(rule, { now: world.clock.now(), targets, settings: DEFAULT_WINDOW_SETTINGS });
  if (format === 'json') printJson(world, explained);
  else printExplanation(world, explained);
  return EXIT.ok;
}

/** What a rule says itself, else the configuration's default targets, where there is one. */
async function targetsOf(world: World, { targets }: RunnableRule, file: string): Promise<readonly string[]> {
  if (targets !== null) return targets;
  if (file === DEFAULT_CONFIG && !existsSync(resolve(world.cwd, file))) return [];
  const { readWithoutSecrets } = await import('./read-config.ts');
  return readWithoutSecrets(world, file).config.defaultTargets;
}
