import type { Alert } from '../alerts/alert.ts';
import type { Config } from '../config/config.ts';
import { type Destination, routeAlert } from '../outbox/routes.ts';
import { alertInFile } from './alert-in-file.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { howText, shownWay } from './explain/shown-way.ts';
import { createRulesLook } from './kept/look-at-rules.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readWithoutSecrets } from './read-config.ts';
import { printJson, printLine, printTable } from './terminal/print.ts';
import { printLeftOut } from './terminal/print-left-out.ts';
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
  const alert = await alertInFile(world, options.alert);
  const { config } = readWithoutSecrets(world, options.config);
  const ways = alert.kind === 'health' ? healthWay(alert, config) : await ownWay(world, alert, config);
  const targets = ways.map((way) => shownWay(way, config));
  if (options.format === 'json') printJson(world, { alertId: alert.id, targets });
  else if (targets.length === 0)
    printLine(world, 'The alert goes nowhere: no route matches, and there are no defaultTargets.');
  else
    printTable(
      world,
      ['TARGET', 'BECAUSE', 'HOW'],
      targets.map((one) => [one.target, one.because, howText(one)]),
    );
  return EXIT.ok;
}

function healthWay(alert: Alert, config: Config): readonly Destination[] {
  const { healthTargets, healthByRoutes } = config;
  if (healthByRoutes) return routeAlert(alert, null, config);
  return healthTargets.map((target) => ({ target, because: 'alerts about Huntwire itself go there (health.targets)' }));
}

/** An alert of a rule that is not there, of an older set or another machine, is taken as one that names no target. */
async function ownWay(world: World, alert: Alert, config: Config): Promise<readonly Destination[]> {
  const { rules, problems } = await createRulesLook()(config);
  const rule = rules.find(({ id }) => id === alert.rule.id);
  // It may be in one of these.
  if (!rule) printLeftOut(world, problems);
  return routeAlert(alert, rule?.targets ?? null, config);
}
