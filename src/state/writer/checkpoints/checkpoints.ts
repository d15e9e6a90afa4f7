import type { Log } from '../../../lib/log.ts';
import type { Connection } from '../../sqlite/connection.ts';
import { CHECKPOINT_PAGES } from '../../state-file.ts';

/** A thread with a connection of its own that copies the write-ahead log into the state file. */
export interface CheckpointThread {
  /** Resolves when all that was committed before is copied; rejects where the thread has ended. */
  copy(): Promise<void>;
  end(): Promise<void>;
}

export type StartCheckpoints = (path: string) => CheckpointThread;

/** Copies the log beside the writer, whose commits would else wait for the disk until it has the copy: in all about twice as long as for what they write. */
export interface Checkpoints {
  /** To be called behind each write. */
  noteWrite(): void;
  close(): Promise<void>;
}

/** Changed rows between two copies: those of two runs of 1,000 alerts. Who never writes so much needs no thread. */
const MANY_ROWS = 6000;
/** With so many pages in the log (64 MB) the writer copies what is left: while it writes without a pause, the log does not begin anew. */
const MOST_PAGES = 8000;
/** What the log's file keeps of the disk when it begins anew: all. To cut it off and have it grow again takes up to a tenth of the writer's time. */
const KEPT_BYTES = 64 * 1024 * 1024;

export function createCheckpoints(connection: Connection, start: StartCheckpoints, log: Log): Checkpoints {
  const changes = connection.prepare('select total_changes() as changed');
  const changedRows = (): number => (changes.rows([]) as readonly { readonly changed: number }[])[0]?.changed ?? 0;
  let thread: CheckpointThread | null = null;
  let copiedAt = 0;
  let rests = true;
  const copy = async (): Promise<void> => {
    rests = false;
    try {
      thread ??= begin(connection, start);
      await thread.copy();
      rests = true;
    } catch (thrown) {
      giveUp(connection, log, thrown);
    }
  };
  return {
    noteWrite: () => {
      if (!rests) return;
      const changed = changedRows();
      if (changed - copiedAt < MANY_ROWS) return;
      copiedAt = changed;
      void copy();
    },
    close: async () => {
      rests = false;
      await thread?.end();
    },
  };
}

function begin(connection: Connection, start: StartCheckpoints): CheckpointThread {
  const thread = start(connection.path);
  connection.script(`PRAGMA wal_autocheckpoint = ${MOST_PAGES}; PRAGMA journal_size_limit = ${KEPT_BYTES}`);
  return thread;
}

/** The writer does it itself again. */
function giveUp(connection: Connection, log: Log, thrown: unknown): void {
  log.debug('The thread that copies the write-ahead log has ended; the writer does it.', { reason: String(thrown) });
  connection.script(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
}
