import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../../lib/clock.ts';
import type { Screen } from './screen.ts';

export interface Terminal {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
}

/** All that a verb may touch of the machine. */
export interface World {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Aborts on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Who asks, where that is not just the user of this machine. */
  readonly by?: string;
  /** Texts of files that are not on a disk, by their absolute path: a configuration that a host says. */
  readonly given?: ReadonlyMap<string, string>;
  /** Tells of each hang-up (SIGHUP), which ends the process where nobody listens; gives how to stop listening. Absent where there is none. */
  readonly onHangup?: (listener: () => void) => () => void;
  /** All of standard input, to its end; absent where there is none. */
  readonly readInput?: () => Promise<string>;
  /** Standard input and output themselves, for protocols that are spoken over them; absent where there are none. */
  readonly pipes?: { readonly input: Readable; readonly output: Writable };
  /** Puts a question to the person at the terminal and tells whether the answer was yes; absent where nobody sits there. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** The terminal of standard output as a page to draw on; absent where it is none. */
  readonly openScreen?: () => Screen;
}
