import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Clock } from '../../lib/clock.ts';
import { SECOND_MS } from '../../lib/duration.ts';
import { codeOf } from '../network-failure.ts';
import { syncData } from './sync.ts';

/** A pipe, terminal or other thing that takes bytes and keeps none. */
export interface Pipe {
  /** Whether the path still leads to this one. */
  isAt(path: string): Promise<boolean>;
  /**
   * Hands lines over; tells of each whether it was taken, whole. A line that was taken in part is finished before anything else, by the
   * next call, and counts as taken where it is among that call's lines. A full pipe is waited for until `isStopped`.
   */
  write(lines: readonly string[], isStopped: () => boolean): Promise<HandedOver>;
  close(): Promise<void>;
}

export interface HandedOver {
  readonly taken: readonly boolean[];
  /** Why not all were taken; null where all were. */
  readonly failure: unknown;
}

/** A reader that takes nothing for this long is told of. */
const STALLED_MS = 15 * SECOND_MS;
/** How soon a full pipe is tried again: at first, and at most. */
const FIRST_LOOK_MS = 1;
const LOOK_MS = 50;
/** Never waits for a reader: without one the opening fails (ENXIO), and a full pipe fails a write (EAGAIN). */
const FLAGS = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

interface State {
  readonly handle: FileHandle;
  readonly clock: Clock;
  /** The line of which a part was taken, and the rest of it. */
  torn: { readonly line: string; readonly rest: Buffer } | null;
}

/** Stays open from batch to batch: a reader would take a closed end for the end of all. */
export async function openPipe(path: string, clock: Clock): Promise<Pipe> {
  const handle = await open(path, FLAGS);
  const { dev, ino } = await handle.stat();
  const state: State = { handle, clock, torn: null };
  return {
    isAt: async (other) => {
      const now = await stat(other).catch(() => null);
      return now !== null && now.dev === dev && now.ino === ino;
    },
    write: (lines, isStopped) => handOver(state, lines, isStopped),
    close: () => handle.close(),
  };
}

async function handOver(state: State, lines: readonly string[], isStopped: () => boolean): Promise<HandedOver> {
  const pieces = piecesOf(state.torn, lines);
  const { count, failure } = await writeBytes(state, Buffer.concat(pieces.map((piece) => piece.bytes)), isStopped);
  const taken = lines.map(() => false);
  state.torn = null;
  let left = count;
  for (const { index, line, bytes, isBegun } of pieces) {
    if (left >= bytes.length) taken[index] = true;
    else if (isBegun || left > 0) state.torn = { line, rest: bytes.subarray(left) };
    left -= bytes.length;
  }
  return { taken: taken.slice(0, lines.length), failure };
}

interface Piece {
  /** Among the lines; behind them for one that is not. */
  readonly index: number;
  readonly line: string;
  readonly bytes: Buffer;
  readonly isBegun: boolean;
}

/** The rest of a torn line goes first, and in the place of that line. */
function piecesOf(torn: State['torn'], lines: readonly string[]): Piece[] {
  const resumed = torn ? lines.indexOf(torn.line) : -1;
  const whole = lines.map((line, index) => ({ index, line, bytes: Buffer.from(line), isBegun: false }));
  const fresh = whole.filter(({ index }) => index !== resumed);
  if (!torn) return fresh;
  return [{ index: resumed < 0 ? lines.length : resumed, line: torn.line, bytes: torn.rest, isBegun: true }, ...fresh];
}

async function writeBytes(
  { handle, clock }: State,
  bytes: Buffer,
  isStopped: () => boolean,
): Promise<{ readonly count: number; readonly failure: unknown }> {
  let count = 0;
  let movedAt = clock.monotonic();
  let pause = FIRST_LOOK_MS;
  while (count < bytes.length) {
    try {
      const { bytesWritten } = await handle.write(bytes, count, bytes.length - count, null);
      count += bytesWritten;
      if (bytesWritten > 0) movedAt = clock.monotonic();
      if (bytesWritten > 0) pause = FIRST_LOOK_MS;
    } catch (failure) {
      const isFull = codeOf(failure) === 'EAGAIN';
      if (!isFull || isStopped() || clock.monotonic() - movedAt >= STALLED_MS) return { count, failure };
      await clock.sleep(pause);
      pause = Math.min(LOOK_MS, 2 * pause);
    }
  }
  await syncData(handle);
  return { count, failure: null };
}
