import { userInfo } from 'node:os';
import type { ActionDeps } from '../../actions/action-deps.ts';
import { rulePlacesOf } from '../../config/rule-paths.ts';
import { silentLog } from '../../lib/log.ts';
import { loadRules } from '../../rules/load-rules.ts';
import { refuseProblems } from '../../rules/prepare-rules.ts';
import { openReader, openSqliteStore } from '../../state/sqlite-store.ts';
import { readWithoutSecrets } from '../read-config.ts';
import type { World } from '../terminal/world.ts';

/** What a process that ends by itself gives to an action: the state is opened for each work on it, beside whoever runs on it. */
export function actionDepsOf(world: World, file: string): ActionDeps {
  const { clock, random, signal } = world;
  const { config } = readWithoutSecrets(world, file);
  const { path } = config.state;
  return {
    ...{ by: userName(), signal, clock, random, log: silentLog, config },
    reading: (work) => within(openReader({ path, clock }), work),
    writing: (work) => within(openSqliteStore({ path, clock }), work),
    rulesOf: async (name) => {
      const tenant = config.tenants.find((one) => one.name === name);
      const { rules, problems } = await loadRules(rulePlacesOf(config, tenant?.rules ?? []));
      refuseProblems(problems);
      return rules;
    },
  };
}

async function within<Opened extends { close(): Promise<void> }, Found>(
  opened: Opened,
  work: (opened: Opened) => Promise<Found>,
): Promise<Found> {
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** A user without an entry in the machine's list has a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? '?'}`;
  }
}
