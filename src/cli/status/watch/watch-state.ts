import { parseDuration } from '../../../lib/duration.ts';
import { HuntwireError } from '../../../lib/errors.ts';
import { createRulesLook } from '../../kept/look-at-rules.ts';
import { readToLook } from '../../read-config.ts';
import type { World } from '../../terminal/world.ts';
import { lookAtState, withReader } from '../look-at-state.ts';
import { callLimits } from './call-limits.ts';
import { followAlerts } from './recent-alerts.ts';
import { watchStatus } from './watch-status.ts';

const LEAST_EVERY_MS = 500;

export interface WatchedState {
  readonly config: string;
  readonly format: string;
  /** A duration. */
  readonly every: string;
}

/** `status --watch`. */
export async function watchState(world: World, { config: file, format, every }: WatchedState): Promise<void> {
  const everyMs = parseDuration(every);
  if (everyMs === null || everyMs < LEAST_EVERY_MS)
    throw new HuntwireError('USAGE', `--every ${every}: expected a duration of 500ms or more, such as 5s.`);
  const callsPerHour = await callLimits(world, readToLook(world, file).config);
  const followed = followAlerts();
  const lookAtRules = createRulesLook();
  await watchStatus(world, {
    everyMs,
    format,
    // The configuration may have changed, and the state may be another file by now.
    look: () => {
      const { config } = readToLook(world, file);
      return withReader(world, config, async (store) => ({
        status: await lookAtState(world, config, store, lookAtRules),
        alerts: await followed.look(store, world.clock.now()),
        callsPerHour,
      }));
    },
  });
}
