import cliProgress from 'cli-progress';
import type { World } from './world.ts';

export interface Progress {
  update(done: number): void;
  stop(): void;
}

/** Below this there is nothing to wait for. */
const WORTH_SHOWING = 20;

/** A bar on stderr for long work, on a terminal only. */
export function startProgress(world: World, what: string, total: number): Progress {
  if (!world.stderr.isTTY || total < WORTH_SHOWING) return { update: () => undefined, stop: () => undefined };
  const bar = new cliProgress.SingleBar({
    format: `${what} {bar} {value}/{total}`,
    clearOnComplete: true,
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}
