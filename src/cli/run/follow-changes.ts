import type { Clock } from '../../lib/clock.ts';

export interface FollowChangesOptions {
  /** A text that changes with the files; asked each time. */
  readonly marks: () => Promise<string>;
  /** Whether anybody wants to know, at the moment. */
  readonly isWatching: () => boolean;
  readonly changed: () => Promise<unknown>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 2000;
/** Whoever writes several files needs a moment: all must have been left alone for so long. */
const SETTLED_MS = 500;
/** A look at many files is taken so much more seldom that it costs a hundredth of the time at most. */
const PATIENCE = 100;

/**
 * Looks at files now and then and tells of changes once they have settled, until the signal aborts. It asks the file system itself: not
 * every one tells of changes by itself, and none of files that are replaced by way of a link.
 */
export async function followChanges(options: FollowChangesOptions): Promise<void> {
  const { isWatching, changed, signal } = options;
  let known = (await look(options)).marks;
  let pauseMs = LOOK_EVERY_MS;
  while (!signal.aborted) {
    await sleep(options, pauseMs);
    if (signal.aborted) return;
    const seen = await look(options);
    pauseMs = Math.max(LOOK_EVERY_MS, PATIENCE * seen.tookMs);
    if (seen.marks === known) continue;
    known = await settled(options, seen.marks);
    if (isWatching() && !signal.aborted) await changed();
  }
}

async function settled(options: FollowChangesOptions, first: string): Promise<string> {
  let seen = first;
  while (!options.signal.aborted) {
    await sleep(options, SETTLED_MS);
    const { marks } = await look(options);
    if (marks === seen) return seen;
    seen = marks;
  }
  return seen;
}

/** While nobody wants to know nothing is looked at. */
async function look({ marks, isWatching, clock }: FollowChangesOptions): Promise<{ marks: string; tookMs: number }> {
  if (!isWatching()) return { marks: '', tookMs: 0 };
  const begunAt = clock.monotonic();
  return { marks: await marks(), tookMs: clock.monotonic() - begunAt };
}

async function sleep({ clock, signal }: FollowChangesOptions, ms: number): Promise<void> {
  await clock.sleep(ms, signal).catch(() => undefined);
}
