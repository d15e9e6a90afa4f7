import { healthRows, skewsOf, targetRows, tenantRows } from '../../actions/places/place-rows.ts';
import { maintenanceRows, serviceTime, silenceRows } from '../../actions/silences/silence-rows.ts';
import type { Config } from '../../config/config.ts';
import { openStateReader } from '../../state/state-place.ts';
import type { StoreReader } from '../../state/store.ts';
import { createRulesLook } from '../kept/look-at-rules.ts';
import type { World } from '../terminal/world.ts';
import { acknowledgementRows } from './acknowledged.ts';
import { firingRows } from './firing-rows.ts';
import { ruleRows } from './rule-rows.ts';
import { lastRunnerRow, lookForRunner, reloadRow, runnerRow, standbyRow } from './runner-row.ts';
import type { StatusDocument } from './status-document.ts';

/** Opens the state for reading, beside whoever runs, and closes it again. */
export async function withReader<T>(
  world: World,
  config: Config,
  look: (store: StoreReader) => Promise<T>,
): Promise<T> {
  const store = await openStateReader(config.state, world);
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}

/** All that `status` tells, as of now. */
export async function lookAtState(
  world: World,
  config: Config,
  store: StoreReader,
  lookAtRules = createRulesLook(),
): Promise<StatusDocument> {
  const now = world.clock.now();
  const runner = await lookForRunner(config.state, await store.runner());
  const skews = await skewsOf(config, store);
  const theirs = await serviceTime(world.clock, config, store);
  const files = await lookAtRules(config);
  const nowOf = (tenant: string): number => now - (skews.get(tenant) ?? 0);
  const { rules, known } = await ruleRows(config, files, { store, runner, nowOf });
  return {
    runner: runnerRow(runner),
    runnerState: runner.state,
    lastRunner: lastRunnerRow(runner),
    standby: await standbyRow(config.state),
    reload: reloadRow(runner),
    rules,
    problems: files.problems,
    refusals: files.refusals,
    tenants: await tenantRows(config, store, skews, now),
    targets: await targetRows(config, store),
    health: await healthRows(store),
    firing: await firingRows(store, known),
    acknowledgements: await acknowledgementRows(store),
    silences: (await silenceRows(config, store, theirs)).filter(({ state }) => state !== 'ended'),
    maintenance: await maintenanceRows(config, store, theirs),
  };
}
