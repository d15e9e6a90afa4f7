import { existsSync } from 'node:fs';
import { serviceTime } from '../../actions/silences/silence-rows.ts';
import type { Config, SilenceConfig } from '../../config/config.ts';
import { silenceOf } from '../../run/silences/read-silences.ts';
import { openReader } from '../../state/sqlite-store.ts';
import type { World } from '../terminal/world.ts';

/** Silences that hold now or later, of the configuration and, where there is one, of the state; and all maintenance. */
export async function silencesToCome(
  world: World,
  config: Config,
): Promise<readonly (Pick<SilenceConfig, 'ends'> & Omit<SilenceConfig, 'starts'>)[]> {
  const { path } = config.state;
  if (!existsSync(path)) return config.silences.filter(({ ends }) => ends === null || ends > world.clock.now());
  const store = openReader({ path, clock: world.clock });
  try {
    const now = await serviceTime(world.clock, config, store);
    const added = (await store.silences()).map((record) => ({ ...silenceOf(record), ends: record.ends }));
    return [...config.silences, ...added].filter(({ ends }) => ends === null || ends > now);
  } finally {
    await store.close();
  }
}
