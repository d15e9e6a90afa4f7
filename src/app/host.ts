import type { Config } from '../config/config.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { FileKeeping } from '../rules/kept/kept-reader.ts';
import type { Journal } from '../state/journal.ts';
import type { RunnerRecord } from '../state/runner-record.ts';

/** What the app takes from the machine. */
export interface Host {
  readonly clock: Clock;
  readonly log: Log;
  /** Has the log mask the secrets of a further configuration; left out: nobody reads one. */
  readonly learnSecrets?: (config: Partial<Config>) => void;
  /** Ends what goes on for long before anything runs: the analysis of queries. Left out: nobody stops it. */
  readonly signal?: AbortSignal;
  /** From [0, 1), for jitter. */
  readonly random: () => number;
  readonly version: string;
  /** How `status` names this process while it runs. */
  readonly process: Pick<RunnerRecord, 'verb' | 'pid' | 'machine'>;
  /** Shows a device code message to the person at the terminal. */
  readonly prompt: (message: string) => void;
  /** Where queries are analyzed and the state is written: `worker` for what runs long, `in-process` for what ends soon. */
  readonly place: 'worker' | 'in-process';
  /** Whether broken rules of our own format are left out and told, and the others run. Left out: nothing starts. */
  readonly skipsBroken?: boolean;
  /** Whether tenants that cannot be asked as they are configured are blocked and told, and the others run. Left out: nothing starts. */
  readonly blocksTenants?: boolean;
  /** Told what happens, and that parts go on; left out: nobody asks. */
  readonly journal?: Journal;
  readonly beat?: (part: string, isOver?: boolean) => void;
  /** Where the rules that are read are kept for the next start, by the path of the state; left out, or null: nowhere. */
  readonly keepsRules?: (state: string) => FileKeeping | null;
  /** Told while rules are analyzed. */
  readonly progress: (done: number, total: number) => void;
}
