import { type CheckResult, failed, passed } from '../../lib/check-result.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import { addressOf } from '../../state/postgres/connection.ts';
import { type DatabaseInspection, inspectDatabase } from '../../state/postgres/inspect.ts';
import { sizeText } from './size-text.ts';

const OLDEST_VERSION = 13;
const WORTH_TELLING_MS = 1000;
const TOO_FAR_MS = 60_000;

/** Whether the database can be reached and written, holds locks for a session, and has a clock near ours. */
export async function databaseChecks(url: string): Promise<readonly CheckResult[]> {
  const { name } = addressOf(url);
  try {
    const found = await inspectDatabase(url);
    return [layoutCheck, lockCheck, clockCheck, safetyCheck, spaceCheck].map((check) => check(name, found));
  } catch (thrown) {
    const { message } = toHuntwireError(thrown);
    return [failed('state', name, message, 'Check state.url, and that the database runs and lets this machine in.')];
  }
}

function layoutCheck(
  name: string,
  { version, layout, newest, isReadOnly, mayCreate }: DatabaseInspection,
): CheckResult {
  if (version < OLDEST_VERSION)
    return failed('state', name, `is Postgres ${version}`, `Use Postgres ${OLDEST_VERSION} or a later one.`);
  if (isReadOnly) return failed('state', name, 'can only be read', 'state.url must lead to the primary.');
  if (layout > newest) {
    const message = `was written by a newer huntwire (layout ${layout}; this one knows ${newest})`;
    return failed('state', name, message, 'Install that version, or set another state.url.');
  }
  if (layout < newest && !mayCreate)
    return failed('state', name, 'its user may not make tables there', 'GRANT CREATE, USAGE ON SCHEMA … TO its user.');
  const laid = layout === 0 ? 'has no tables yet; the first run makes them' : `has layout ${layout} of ${newest}`;
  return passed('state', name, `can be written (Postgres ${version}), and ${laid}`);
}

function lockCheck(name: string, { holdsLocks, runner }: DatabaseInspection): CheckResult {
  if (!holdsLocks) {
    const message =
      'does not keep a lock for as long as a session lasts: something between (PgBouncer in transaction mode?) hands one session to several';
    return failed('lock', name, message, 'Let state.url lead to the database itself, or to a pooler in session mode.');
  }
  return passed('lock', name, `keeps locks for a session; ${runner ? 'a runner is alive' : 'no runner is alive now'}`);
}

function clockCheck(name: string, { clockAheadMs }: DatabaseInspection): CheckResult {
  const ms = Math.round(Math.abs(clockAheadMs));
  const message = `its clock and ours are ${ms} ms apart`;
  if (ms > TOO_FAR_MS) return failed('clock', name, message, 'Set both by the same time server.');
  return passed('clock', name, ms > WORTH_TELLING_MS ? `${message}: set both by the same time server` : message);
}

/** What a crash of the database, or of its machine, may take with it. */
function safetyCheck(
  name: string,
  { fsync, synchronousCommit, replicas, synchronousReplicas }: DatabaseInspection,
): CheckResult {
  if (!fsync) return failed('safety', name, 'fsync is off: a power failure may damage it', 'Set fsync = on.');
  if (synchronousCommit === 'off')
    return failed('safety', name, 'synchronous_commit is off: a crash forgets the latest commits', 'Set it to on.');
  if (replicas > 0 && synchronousReplicas === 0) {
    const message = `its ${replicas} replicas follow later: what they lack after a failover is told again, under the same ids`;
    return passed('safety', name, message);
  }
  return passed('safety', name, `commits reach its disk${replicas > 0 ? ' and a replica' : ''} before they count`);
}

/** Postgres tells nobody how much room its disk has. */
function spaceCheck(name: string, { sizeBytes }: DatabaseInspection): CheckResult {
  return passed(
    'space',
    name,
    `has ${sizeText(sizeBytes)}; what is free on its disk it does not tell, so watch that there`,
  );
}
