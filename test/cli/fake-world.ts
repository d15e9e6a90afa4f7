import type { World } from '../../src/cli/terminal/world.ts';
import { systemClock } from '../../src/lib/clock.ts';

export interface FakeWorld extends World {
  /** What was written, all of it. */
  out(): string;
  err(): string;
  stop(): void;
}

/** A world that writes into memory; not a terminal. */
export function createFakeWorld(cwd = '.'): FakeWorld {
  const written = { out: '', err: '' };
  const stop = new AbortController();
  const terminal = (name: 'out' | 'err') => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTTY: false,
    columns: 200,
  });
  return {
    stdout: terminal('out'),
    stderr: terminal('err'),
    env: {},
    cwd,
    clock: systemClock,
    random: Math.random,
    signal: stop.signal,
    out: () => written.out,
    err: () => written.err,
    stop: () => stop.abort(),
  };
}
