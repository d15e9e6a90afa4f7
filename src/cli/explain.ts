import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readTime } from '../actions/read-time.ts';
import type { Silence } from '../alerts/silences.ts';
import { HuntwireError } from '../lib/errors.ts';
import { suggest } from '../lib/nearest.ts';
import type { RunnableRule } from '../rules/rule.ts';
import { windowSettings } from '../run/opening/window-settings.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../run/windows.ts';
import type { StatePlace } from '../state/state-place.ts';
import { type ExplainInput, explainRule } from '../trial/explain/explain-rule.ts';
import type { RuleExplanation } from '../trial/explain/explanation.ts';
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
    .option(
      '--row <file>',
      'tell what becomes of the row in this file (JSON, or CSV with its header; - is standard input)',
    )
    .option('--table <name>', 'with --row: whose event it is')
    .option('--tenant <name>', 'tell of this tenant alone')
    .action(async (rule: string, options: ExplainOptions) => done(await explainOne(world, rule, options)));
};

interface ExplainOptions extends CommonOptions {
  readonly at?: string;
  readonly row?: string;
  readonly table?: string;
  readonly tenant?: string;
}

async function explainOne(world: World, name: string, options: ExplainOptions): Promise<number> {
  const { config, format, at, tenant } = options;
  const now = at === undefined ? world.clock.now() : readTime(at, '--at', world.clock.now());
  const rule = await findRule(world, name, (file) => rulePlaces(world, file === undefined ? [] : [file], config));
  const { state, ...setting } = ofTenant(await settingOf(world, rule, config), tenant);
  const row = await rowOf(world, rule, { ...setting, state }, options);
  const asked = { at: row?.[0] ? Date.parse(row[0].time) : now, tenants: setting.tenants, settings: setting.settings };
  const history =
    (at === undefined && row === null) || state === null ? null : await readHistory(world, rule, state, asked);
  const explained = explainRule(rule, { now, ...setting, history, row });
  if (format === 'json') printJson(world, explained);
  else printExplanation(world, explained);
  return EXIT.ok;
}

/** null: nobody asks about one. */
async function rowOf(
  world: World,
  rule: RunnableRule,
  { tenants, state, configured }: Setting,
  { row, table }: ExplainOptions,
): Promise<RuleExplanation['row']> {
  if (row === undefined) return null;
  const { explainGivenRow } = await import('./explain/explain-given-row.ts');
  return explainGivenRow(world, rule, { from: row, table: table ?? null, tenants, state, silences: configured });
}

function ofTenant(setting: Setting, tenant: string | undefined): Setting {
  if (tenant === undefined) return setting;
  if (!setting.tenants.includes(tenant))
    throw new HuntwireError('USAGE', `--tenant: no tenant "${tenant}" runs it.${suggest(tenant, setting.tenants)}`);
  return { ...setting, tenants: [tenant] };
}

interface Setting
  extends Pick<ExplainInput, 'tenants' | 'targets' | 'silences' | 'settings' | 'redact' | 'stampedSince'> {
  /** null: no configuration names one. */
  readonly state: StatePlace | null;
  /** Silences and maintenance of the configuration, those that are over included. */
  readonly configured: readonly Silence[];
}

/** Where a configuration has the rule run, and to whom it tells. */
async function settingOf(world: World, rule: RunnableRule, file: string): Promise<Setting> {
  if (file === DEFAULT_CONFIG && !existsSync(resolve(world.cwd, file)))
    return {
      tenants: [],
      targets: namedBy(rule),
      silences: [],
      settings: DEFAULT_WINDOW_SETTINGS,
      state: null,
      configured: [],
    };
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
    configured: config.silences,
  };
}

function namedBy({ targets }: RunnableRule): ExplainInput['targets'] {
  return (targets ?? []).map((target) => ({ target, because: 'the rule or an overlay names it' }));
}
