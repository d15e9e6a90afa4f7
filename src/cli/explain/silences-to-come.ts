import { serviceTime } from '../../actions/silences/silence-rows.ts';
import type { Config, SilenceConfig } from '../../config/config.ts';
import { silenceOf } from '../../run/silences/read-silences.ts';
import { mayHaveState, openStateReader } from '../../state/state-place.ts';
import type { World } from '../terminal/world.ts';

/** Silences that hold now or later, of the configuration and, where there is one, of the state; and all maintenance. */
export async function silencesToCome(
  world: World,
  config: Config,
): Promise<readonly (Pick<SilenceConfig, 'ends'> & Omit<SilenceConfig, 'starts'>)[]> {
  if (!mayHaveState(config.state))
    return config.silences.filter(({ ends }) => ends === null || ends > world.clock.now());
  const store = await openStateReader(config.state, world);
  try {
    const now = await serviceTime(world.clock, config, store);
    const added = (await store.silences()).map((record) => ({ ...silenceOf(record), ends: record.ends }));
    return [...config.silences, ...added].filter(({ ends }) => ends === null || ends > now);
  } finally {
    await store.close();
  }
}
