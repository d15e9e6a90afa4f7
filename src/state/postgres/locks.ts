/** What a lock is about. `runner`: who runs rules and delivers; `writes`: who writes, those that write only their own together; `line`: which of those numbers what it adds; `layout`: who changes the tables; `proof`: whether locks hold. */
export type LockName = 'runner' | 'writes' | 'line' | 'layout' | 'proof';

/** Tells our locks from those of other programs in the same database. */
const OURS = 7701;

/** The argument of a lease's lock, by an expression for the key of the lease: of 64 bits, as there may be thousands. */
export function leaseLock(key: string): string {
  return `hashtextextended(current_schema() || ':huntwire lease:' || ${key}, ${OURS})`;
}

/** The arguments of an advisory lock. Locks are the database's and tables the schema's, so a state in another schema has locks of its own. */
export function lockKey(name: LockName): string {
  return `${OURS}, hashtext(current_schema() || ':${name}')`;
}

/** A condition on rows of pg_locks: that a session holds this lock. */
export function heldLock(name: LockName): string {
  return `locktype = 'advisory' AND granted AND classid = ${OURS} AND objsubid = 2
    AND objid::bigint = (hashtext(current_schema() || ':${name}')::bigint & 4294967295)
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
}

/** An expression: whether any session holds a lock. To look does not take it from anybody. */
export function lockIsHeld(name: LockName): string {
  return `EXISTS (SELECT 1 FROM pg_locks WHERE ${heldLock(name)})`;
}

/** Inside a transaction that writes everything, and behind all that was begun before. */
export const WRITE_LOCK = `SELECT pg_advisory_xact_lock(${lockKey('writes')})`;

/** Inside a transaction that writes beside others of its kind. */
export const OWN_LOCK = `SELECT pg_advisory_xact_lock_shared(${lockKey('writes')})`;

/** Inside such a transaction, until it ends. It waits for nothing else behind that, so that no two wait for each other. */
export const LINE_LOCK = `SELECT pg_advisory_xact_lock(${lockKey('line')})`;
