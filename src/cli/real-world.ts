import { systemClock } from '../lib/clock.ts';
import type { Terminal, World } from './world.ts';

/** The world of a real process. A second Ctrl-C ends it at once. */
export function createWorld(host: NodeJS.Process): World {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    host.on(name, () => {
      if (stop.signal.aborted) host.exit(130);
      stop.abort(new Error(name));
    });
  }
  return {
    stdout: terminalOf(host.stdout),
    stderr: terminalOf(host.stderr),
    env: host.env,
    cwd: host.cwd(),
    clock: systemClock,
    random: Math.random,
    signal: stop.signal,
  };
}

/** A reader that went away (`huntwire status | head`) is no failure of ours. */
function terminalOf(stream: NodeJS.WriteStream): Terminal {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return { write: (text) => void stream.write(text), isTTY: stream.isTTY ?? false, columns: stream.columns ?? 100 };
}
