import type { Host } from '../../app/host.ts';
import type { Config, HttpConfig } from '../../config/config.ts';
import { endsRunner, HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import type { Secret } from '../../lib/secret.ts';
import type { Holder } from '../../state/postgres/machines.ts';
import { openShared, type RunnerState } from '../../state/runner-state.ts';

export interface TurnInput {
  /** As it was read at the start. */
  readonly first: Prepared;
  /** Reads the configuration as it is now, and makes what goes with it. */
  readonly prepare: () => Prepared;
  /** Runs until it is told to stop, or until it fails. It closes the state. */
  readonly work: (prepared: Prepared, state: RunnerState) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface Prepared {
  readonly config: Config;
  readonly host: Host;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Runs on a state in a database whenever no other process does. Until then it stands by; where it has lost the state it does so again. What
 * was read before a wait is read again behind it: others may have changed it. A database that could not be reached yet is an error; one that
 * was, and is away, is waited for.
 */
export async function runInTurns({ first, prepare, work, signal }: TurnInput): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  let wasReached = false;
  const reached = (): void => {
    wasReached = true;
    pauseMs = FIRST_PAUSE_MS;
  };
  for (let prepared = first; !signal.aborted; prepared = prepare()) {
    const { log, clock } = prepared.host;
    try {
      const turn = await waitForTurn(prepared, reached, signal);
      if (!turn) return;
      reached();
      await work(turn.waited ? await preparedAgain(prepare, turn.state) : prepared, turn.state);
      return;
    } catch (thrown) {
      const error = toHuntwireError(thrown);
      if (signal.aborted || !wasReached || !mayComeBack(error)) throw error;
      const { code, message: reason } = error;
      log.error('this process does not have its state any more; it stands by', { code, reason });
    }
    await clock.sleep(pauseMs, signal).catch(() => undefined);
    pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
  }
}

/** The state went to another, or its database cannot be had at the moment. */
function mayComeBack(error: HuntwireError): boolean {
  return endsRunner(error) || (error.code.startsWith('STATE_') && error.retryable);
}

interface Turn {
  readonly state: RunnerState;
  /** Another process ran until then. */
  readonly waited: boolean;
}

/** Null where the process is to stop. */
async function waitForTurn({ config, host }: Prepared, reached: () => void, signal: AbortSignal): Promise<Turn | null> {
  const { log, clock } = host;
  let known: string | null = null;
  const doors: Promise<Door | null>[] = [];
  const waiting = (holder: Holder | null): void => {
    reached();
    if (doors.length === 0) doors.push(openDoor(config.http, host));
    const name = holder
      ? `${holder.verb}, process ${holder.pid} on ${holder.machine}`
      : 'a process that has not said which';
    if (name !== known) log.info('a process runs alone on this state; this one stands by', { runs: name });
    known = name;
  };
  try {
    const state = await openShared(urlOf(config), host, { clock, signal, waiting });
    if (known !== null) log.info('the process that ran alone on this state has ended', { before: known });
    return { state, waited: known !== null };
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (signal.aborted && error.code === 'ABORTED') return null;
    throw error;
  } finally {
    for (const door of doors) await (await door)?.close();
  }
}

function urlOf({ state }: Config): Secret {
  if ('url' in state) return state.url;
  throw new HuntwireError('CONFIG_INVALID', 'state.url is gone from the configuration; start the process again.');
}

interface Door {
  close(): Promise<void>;
}

/** To stand by is possible without it: what is wrong is told once it matters. */
async function openDoor(http: HttpConfig | null, host: Host): Promise<Door | null> {
  if (!http) return null;
  const { openStandbyHttp } = await import('../../http/open-http.ts');
  return openStandbyHttp({ ...http, log: host.log }).catch((thrown: unknown) => {
    host.log.warn('nobody can ask this process by HTTP while it stands by', {
      reason: toHuntwireError(thrown).message,
    });
    return null;
  });
}

async function preparedAgain(prepare: () => Prepared, state: RunnerState): Promise<Prepared> {
  try {
    return prepare();
  } catch (thrown) {
    await state.close();
    throw thrown;
  }
}
