import { HuntwireError, toHuntwireError } from '../../../lib/errors.ts';
import { printJson, tint } from '../../terminal/print.ts';
import type { Screen } from '../../terminal/screen.ts';
import type { World } from '../../terminal/world.ts';
import type { StatusDocument } from '../status-document.ts';
import { drawBoard } from './board.ts';
import type { BoardInput } from './board-input.ts';

/** One look at the state. */
export type LookAtState = () => Promise<Omit<BoardInput, 'now' | 'trouble'>>;

export interface WatchOptions {
  readonly everyMs: number;
  readonly format: string;
  readonly look: LookAtState;
}

/** A look takes this share of the time at most, however many rules there are to read. */
const LOOKING_SHARE = 1 / 5;

/** Looks again and again, until Ctrl-C: as a page on a terminal, or as a line of JSON each time. */
export async function watchStatus(world: World, options: WatchOptions): Promise<void> {
  if (options.format === 'json') {
    await again(world, options, async () => printLineOf(world, (await options.look()).status));
    return;
  }
  const screen = world.openScreen?.();
  if (!screen) throw new HuntwireError('USAGE', '--watch draws on a terminal: use --format json where there is none.');
  try {
    await drawAgain(world, screen, options);
  } finally {
    screen.close();
  }
}

/** What fails at first ends it; later, a look that fails is told, and what was there before stays. */
async function drawAgain(world: World, screen: Screen, options: WatchOptions): Promise<void> {
  let last = await options.look();
  let trouble: string | null = null;
  let isFirst = true;
  await again(world, options, async () => {
    if (!isFirst) {
      try {
        last = await options.look();
        trouble = null;
      } catch (thrown) {
        trouble = toHuntwireError(thrown).message;
      }
    }
    isFirst = false;
    const board = { ...last, now: world.clock.now(), trouble };
    screen.draw(drawBoard(board, screen.size(), (colour, text) => tint(world, colour, text)));
  });
}

async function again(world: World, { everyMs }: WatchOptions, look: () => Promise<void>): Promise<void> {
  const { clock, signal } = world;
  while (!signal.aborted) {
    const start = clock.monotonic();
    await look();
    const rest = Math.max(everyMs, (clock.monotonic() - start) / LOOKING_SHARE);
    await clock.sleep(rest, signal).catch(() => undefined);
  }
}

/** One line each, on a terminal, too: programs read it. */
function printLineOf(world: World, status: StatusDocument): void {
  printJson({ ...world, stdout: { ...world.stdout, isTTY: false } }, status);
}
