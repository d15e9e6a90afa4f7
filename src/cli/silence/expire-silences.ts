import type { Config } from '../../config/config.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { Store } from '../../state/store.ts';
import type { World } from '../terminal/world.ts';
import { type SilenceRow, serviceTime, silenceRowOf } from './silence-rows.ts';

/** Ends silences of the state; gives those that did not end before. One of the configuration is a USAGE error: nothing was ended then. */
export async function expireSilences(
  world: World,
  config: Config,
  store: Pick<Store, 'cache' | 'expireSilences' | 'hiddenTotals'>,
  ids: readonly string[],
): Promise<readonly SilenceRow[]> {
  const configured = config.silences.find(({ id, counts }) => counts === 'silenced' && ids.includes(id));
  if (configured)
    throw new HuntwireError(
      'USAGE',
      `The silence ${configured.id} stands in ${config.file}: take it out there, or give it another end, and restart.`,
    );
  const now = await serviceTime(world, config, store);
  const ended = await store.expireSilences(ids, now);
  const totals = await store.hiddenTotals();
  return ended.map((record) => silenceRowOf({ ...record, from: 'state' }, totals, now));
}
