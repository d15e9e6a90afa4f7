import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Alert } from '../alerts/alert.ts';
import { validateAlert } from '../alerts/map/validate-alert.ts';
import type { Config } from '../config/config.ts';
import { HuntwireError } from '../lib/errors.ts';
import { type Destination, routeAlert } from '../outbox/routes.ts';
import { loadRules } from '../rules/load-rules.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { placesIn, readWithoutSecrets } from './read-config.ts';
import { printJson, printLine, printTable } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

interface RouteOptions extends CommonOptions {
  readonly alert: string;
}

export const route: Verb = (program, world, done) => {
  const command = program.command('route');
  withFormat(withConfig(command))
    .requiredOption('--alert <file>', 'an alert as JSON; - for standard input')
    .action(async (options: RouteOptions) => done(await routeOne(world, options)));
};

async function routeOne(world: World, options: RouteOptions): Promise<number> {
  const alert = alertOf(options.alert, await textOf(world, options.alert));
  const { config } = readWithoutSecrets(world, options.config);
  const targets = alert.kind === 'health' ? healthWay(config) : await ownWay(world, alert, config);
  if (options.format === 'json') printJson(world, { alertId: alert.id, targets });
  else if (targets.length === 0)
    printLine(world, 'The alert goes nowhere: no route matches, and there are no defaultTargets.');
  else
    printTable(
      world,
      ['TARGET', 'BECAUSE'],
      targets.map(({ target, because }) => [target, because]),
    );
  return EXIT.ok;
}

async function textOf(world: World, file: string): Promise<string> {
  if (file === '-') return world.readInput?.() ?? '';
  try {
    return readFileSync(resolve(world.cwd, file), 'utf8');
  } catch (thrown) {
    throw new HuntwireError('USAGE', `${file} cannot be read: name a file with one alert as JSON.`, { cause: thrown });
  }
}

function alertOf(file: string, text: string): Alert {
  try {
    const parsed: unknown = JSON.parse(text);
    validateAlert(parsed);
    return parsed;
  } catch (thrown) {
    const why = thrown instanceof HuntwireError ? thrown.message : 'it is no JSON.';
    throw new HuntwireError('USAGE', `${file} is no alert as format native writes it: ${why}`, { cause: thrown });
  }
}

function healthWay({ healthTargets }: Config): readonly Destination[] {
  return healthTargets.map((target) => ({ target, because: 'alerts about Huntwire itself go there' }));
}

/** An alert of a rule that is not there, of an older set or another machine, is taken as one that names no target. */
async function ownWay(world: World, alert: Alert, config: Config): Promise<readonly Destination[]> {
  const { rules } = await loadRules(placesIn(world, config, []));
  const rule = rules.find(({ id }) => id === alert.rule.id);
  return routeAlert(alert, rule?.targets ?? null, config);
}
