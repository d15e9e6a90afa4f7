import { maintenanceRows, serviceTime, silenceRows } from '../actions/silences/silence-rows.ts';
import { openReader } from '../state/sqlite-store.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readWithoutSecrets } from './read-config.ts';
import { firingRows } from './status/firing-rows.ts';
import { healthRows, skewsOf, targetRows, tenantRows } from './status/place-rows.ts';
import { printStatus } from './status/print-status.ts';
import { ruleRows } from './status/rule-rows.ts';
import { lastRunnerRow, lookForRunner, runnerRow } from './status/runner-row.ts';
import type { StatusDocument } from './status/status-document.ts';
import { printJson } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

export const status: Verb = (program, world, done) => {
  const command = program.command('status');
  withFormat(withConfig(command)).action(async (options: CommonOptions) => done(await showStatus(world, options)));
};

async function showStatus(world: World, options: CommonOptions): Promise<number> {
  const { config } = readWithoutSecrets(world, options.config);
  const store = openReader({ path: config.state.path, clock: world.clock });
  try {
    const now = world.clock.now();
    const runner = lookForRunner(config.state.path, await store.runner());
    const skews = await skewsOf(config, store);
    const theirs = await serviceTime(world.clock, config, store);
    const { rules, known, problems, refusals } = await ruleRows(
      config,
      store,
      runner,
      (tenant) => now - (skews.get(tenant) ?? 0),
    );
    const document: StatusDocument = {
      runner: runnerRow(runner),
      runnerState: runner.state,
      lastRunner: lastRunnerRow(runner),
      rules,
      problems,
      refusals,
      tenants: await tenantRows(config, store, skews, now),
      targets: await targetRows(config, store),
      health: await healthRows(store),
      firing: await firingRows(store, known),
      silences: (await silenceRows(config, store, theirs)).filter(({ state }) => state !== 'ended'),
      maintenance: await maintenanceRows(config, store, theirs),
    };
    if (options.format === 'json') printJson(world, document);
    else printStatus(world, document, config.state.path);
    return EXIT.ok;
  } finally {
    await store.close();
  }
}
