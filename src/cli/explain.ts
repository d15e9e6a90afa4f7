import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readTime } from '../actions/read-time.ts';
import type { RunnableRule } from '../rules/rule.ts';
import { windowSettings } from '../run/opening/window-settings.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../run/windows.ts';
import type { StatePlace } from '../state/state-place.ts';
import { type ExplainInput, explainRule } from '../trial/explain/explain-rule.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { printExplanation } from './explain/print-explanation.ts';
import { readHistory } from './explain/read-history.ts';
import { findRule } from './find-rule.ts';
import { type CommonOptions, DEFAULT_CONFIG, withConfig, withFormat } from './options.ts';
import { rulePlaces } from './rule-paths.ts';
import { printJson } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

export const explain: Verb = (program, world, done) => {
  const command = program.command('explain');
  withFormat(withConfig(command))
    .argument('<rule>', 'id of a configured rule, or a rule file')
    .option(
      '--at <time>',
      'explain the run that follows this time, and what the state knows of it: ISO, or a duration back',
    )
    .action(async (rule: string, options: ExplainOptions) => done(await explainOne(world, rule, options)));
};

interface ExplainOptions extends CommonOptions {
  readonly at?: string;
}

async function explainOne(world: World, name: string, { config, format, at }: ExplainOptions): Promise<number> {
  const now = at === undefined ? world.clock.now() : readTime(at, '--at', world.clock.now());
  const rule = await findRule(world, name, (file) => rulePlaces(world, file === undefined ? [] : [file], config));
  const { state, ...setting } = await settingOf(world, rule, config);
  const asked = { at: now, tenants: setting.tenants, settings: setting.settings };
  const history = at === undefined || state === null ? null : await readHistory(world, rule, state, asked);
  const explained = explainRule(rule, { now, ...setting, history });
  if (format === 'json') printJson(world, explained);
  else printExplanation(world, explained);
  return EXIT.ok;
}

interface Setting
  extends Pick<ExplainInput, 'tenants' | 'targets' | 'silences' | 'settings' | 'redact' | 'stampedSince'> {
  /** null: no configuration names one. */
  readonly state: StatePlace | null;
}

/** Where a configuration has the rule run, and to whom it tells. */
async function settingOf(world: World, rule: RunnableRule, file: string): Promise<Setting> {
  if (file === DEFAULT_CONFIG && !existsSync(resolve(world.cwd, file)))
    return { tenants: [], targets: namedBy(rule), silences: [], settings: DEFAULT_WINDOW_SETTINGS, state: null };
  const [{ readWithoutSecrets }, { holdsRules }] = [
    await import('./read-config.ts'),
    await import('../config/rule-paths.ts'),
  ];
  const { config } = readWithoutSecrets(world, file);
  const holding = config.tenants.filter((tenant) => holdsRules(tenant, rule.map.file));
  const running = holding.map(({ name }) => name);
  const { waysOfRule } = await import('./explain/rule-ways.ts');
  const { silencesToCome } = await import('./explain/silences-to-come.ts');
  const { readArrivals } = await import('./explain/read-arrivals.ts');
  const targets = waysOfRule(rule, running, config);
  const settings = windowSettings(config.windows);
  return {
    tenants: running,
    targets,
    silences: await silencesToCome(world, config),
    settings,
    stampedSince: await readArrivals(world, rule, config.state, holding),
    redact: config.redact,
    state: config.state,
  };
}

function namedBy({ targets }: RunnableRule): ExplainInput['targets'] {
  return (targets ?? []).map((target) => ({ target, because: 'the rule or an overlay names it' }));
}
