import { readTime } from '../../actions/read-time.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { BackfillWish } from '../../state/store.ts';
import type { World } from '../terminal/world.ts';

export interface WishOptions {
  readonly from: string;
  readonly to: string;
  /** False where --no-limit is given. */
  readonly limit: boolean;
  readonly retell?: string;
}

/** What the options ask for; USAGE where that is nothing. */
export function readWish(world: Pick<World, 'clock'>, { from, to, limit, retell }: WishOptions): BackfillWish {
  if (retell !== undefined && retell !== 'excepted')
    throw new HuntwireError('USAGE', `--retell: "${retell}" cannot be told again; what can is: excepted.`);
  const now = world.clock.now();
  const wish = { from: readTime(from, '--from', now), to: readTime(to, '--to', now) };
  if (wish.from >= wish.to)
    throw new HuntwireError(
      'USAGE',
      `--from must lie before --to, and ${iso(wish.from)} does not lie before ${iso(wish.to)}. A duration such as 14d is how long ago.`,
    );
  return { ...wish, noLimit: !limit, retell: retell !== undefined };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
