import { stat } from 'node:fs/promises';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { codeOf } from '../network-failure.ts';
import { appendDurably } from './append.ts';
import { type HandedOver, openPipe, type Pipe } from './pipe.ts';

/** Writes lines to whatever a path leads to at the time. One call at a time; never rejects. */
export interface LineWriter {
  write(lines: readonly string[], isStopped: () => boolean): Promise<HandedOver>;
  close(): Promise<void>;
}

export interface LineWriterOptions {
  readonly path: string;
  readonly target: string;
  readonly clock: Clock;
  readonly log: Log;
}

interface State extends LineWriterOptions {
  pipe: Pipe | null;
  /** The file whose name is durable. */
  known: string | null;
  warned: boolean;
}

export function createLineWriter(options: LineWriterOptions): LineWriter {
  const state: State = { ...options, pipe: null, known: null, warned: false };
  return {
    write: async (lines, isStopped) => {
      try {
        return await writeLines(state, lines, isStopped);
      } catch (failure) {
        return { taken: lines.map(() => false), failure };
      }
    },
    close: () => closePipe(state),
  };
}

async function writeLines(state: State, lines: readonly string[], isStopped: () => boolean): Promise<HandedOver> {
  if (await isRegular(state.path)) {
    await closePipe(state);
    await append(state, lines.join(''));
    return { taken: lines.map(() => true), failure: null };
  }
  if (state.pipe && !(await state.pipe.isAt(state.path))) await closePipe(state);
  state.pipe ??= await openPipe(state.path, state.clock);
  return state.pipe.write(lines, isStopped);
}

/** A path that leads to nothing yet becomes a regular file. */
async function isRegular(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    return found.isFile() || found.isDirectory();
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return true;
    throw thrown;
  }
}

async function append(state: State, text: string): Promise<void> {
  const { path, target, log } = state;
  const { file, synced } = await appendDurably(path, text, state.known);
  state.known = file;
  if (synced || state.warned) return;
  state.warned = true;
  log.warn('The file system cannot bring lines to the disk; a power failure may lose those of the last seconds.', {
    target,
    path,
  });
}

async function closePipe(state: State): Promise<void> {
  const { pipe } = state;
  state.pipe = null;
  await pipe?.close();
}
