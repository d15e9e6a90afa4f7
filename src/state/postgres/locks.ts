/** What a lock is about. `runner`: who runs rules and delivers; `writes`: who writes; `layout`: who changes the tables. */
export type LockName = 'runner' | 'writes' | 'layout';

/** Tells our locks from those of other programs in the same database. */
const OURS = 7701;

/** The arguments of an advisory lock. Locks are the database's and tables the schema's, so a state in another schema has locks of its own. */
export function lockKey(name: LockName): string {
  return `${OURS}, hashtext(current_schema() || ':${name}')`;
}
