import { setMaxListeners } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { systemClock } from '../../lib/clock.ts';
import { guarded, withoutCommands } from './guard.ts';
import { openScreen } from './screen.ts';
import type { Terminal, World } from './world.ts';

/**
 * The world of a real process. A second Ctrl-C ends it at once. Node warns of more than ten listeners, in plain text amid the log: whatever
 * goes on for a tenant or target waits for the end of the process, so that so many are no leak.
 */
export function createWorld(host: NodeJS.Process): World {
  setMaxListeners(0);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    host.on(name, () => {
      if (stop.signal.aborted) host.exit(130);
      stop.abort();
    });
  }
  return {
    stdout: terminalOf(host.stdout, (text) => text),
    stderr: terminalOf(host.stderr, withoutCommands),
    env: host.env,
    cwd: host.cwd(),
    clock: systemClock,
    random: Math.random,
    signal: stop.signal,
    onHangup: (listener) => {
      host.on('SIGHUP', listener);
      return () => void host.off('SIGHUP', listener);
    },
    readInput: () => text(host.stdin),
    // Standard input is not opened before somebody asks for it.
    get pipes() {
      return { input: host.stdin, output: host.stdout };
    },
    ...(host.stdout.isTTY && { openScreen: () => openScreen(host.stdout) }),
    ...(host.stdin.isTTY && host.stderr.isTTY && { confirm: (question) => confirm(host, question, stop.signal) }),
  };
}

/** A line that begins with y; the end of the input and Ctrl-C are a no. */
function confirm(host: NodeJS.Process, question: string, signal: AbortSignal): Promise<boolean> {
  host.stderr.write(`${question} [y/N] `);
  // Without `terminal: false` readline would keep Ctrl-C for itself.
  const lines = createInterface({ input: host.stdin, terminal: false });
  const stop = (): void => lines.close();
  signal.addEventListener('abort', stop, { once: true });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(/^y/i.test(line.trim()));
      lines.close();
    });
    lines.once('close', () => {
      signal.removeEventListener('abort', stop);
      resolve(false);
    });
  });
}

/** A reader that went away (`huntwire status | head`) is no failure of ours. `piped` is what becomes of text that no terminal shows. */
function terminalOf(stream: NodeJS.WriteStream, piped: (text: string) => string): Terminal {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const shown = stream.isTTY ? guarded : piped;
  return {
    write: (text) => void stream.write(shown(text)),
    isTTY: stream.isTTY ?? false,
    columns: stream.columns ?? 100,
  };
}
