import { DummyDriver, type Generated, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';

/**
 * Times are epoch milliseconds; `next_…`, `tried_at`, `probed_at`, `paused_until` and `down_since` are outbox times (outbox-time.ts); `held_newest` is an
 * instant of 100 ns as text. `document`, `state`, `record`, `told_before`, `held_before`, `opened_before`, `match`, `targets` and `plan` are JSON.
 */
export interface Tables {
  meta: { name: string; value: string };
  rule: { id: Generated<number>; tenant: string; rule_id: string; state: string; last_run: number | null };
  ledger: LedgerTable;
  run: {
    id: Generated<number>;
    rule: number;
    run_id: string;
    ended_at: number;
    record: string;
    query: number | null;
    first_alert: number | null;
    last_alert: number | null;
  };
  sent_query: { id: Generated<number>; hash: string; template: string };
  journal: JournalTable;
  row_key: {
    id: Generated<number>;
    rule: number;
    key: Buffer;
    state: string;
    told_to: number | null;
    told_before: string | null;
    held_to: number | null;
    held_newest: string | null;
    held_before: string | null;
    last_returned: number;
  };
  quiet: {
    id: Generated<number>;
    rule: number;
    dedup_key: string;
    opened_at: number;
    opened_before: string | null;
    ended_at: number | null;
    held: string | null;
  };
  alert: { id: Generated<number>; alert_id: string; revision: number; created_at: number; document: string };
  outbox: OutboxTable;
  receipt: { id: Generated<number>; alert_id: string; target: string; receipt: string; at: number };
  firing: {
    id: Generated<number>;
    rule: number;
    alert_id: string;
    dedup_key: string;
    revision: number;
    since: number;
    told_at: number;
    held_at: number;
    gone_from: number | null;
    severity: string;
    row_count: number;
    last_seen: string;
    targets: string;
  };
  escalation: { id: Generated<number>; alert_id: string; plan: string; step: number; due_at: number | null };
  acknowledgement: {
    id: Generated<number>;
    alert_id: string;
    by: string;
    at: number;
    disposition: string | null;
    tenant: string | null;
    rule_id: string | null;
  };
  digest: {
    id: Generated<number>;
    tenant: string;
    target: string;
    every_ms: number;
    from_at: number;
    due_at: number;
    closed: Generated<number>;
    told_at: number | null;
  };
  digest_item: {
    id: Generated<number>;
    digest: number;
    alert: number;
    alert_id: string;
    target: string;
    rank: number;
    rule: string;
  };
  health: {
    tenant: string;
    code: string;
    subject: string;
    since: number;
    alert_id: string;
    revision: number;
    hidden: Generated<number>;
  };
  silence: {
    id: string;
    match: string;
    owner: string;
    reason: string;
    starts: number | null;
    ends: number;
    added_at: number;
    expired_at: number | null;
  };
  hidden: HiddenTable;
  summary: HiddenSpanColumns & { id: Generated<number>; revision: number; hits: number; at: number };
  target: {
    name: string;
    blocked_since: number | null;
    reason: string | null;
    next_probe_at: number | null;
    probes: number;
    probed_ms: Generated<number>;
    probed_at: number | null;
    paused_until: number | null;
    down_since: number | null;
  };
  audit: {
    id: Generated<number>;
    at: number;
    who: string;
    action: string;
    subject: string;
    before: string | null;
    after: string | null;
  };
  quota_call: { id: Generated<number>; tenant: string; api: string; at: number; run_ms: number };
  quota_pause: { tenant: string; api: string; remained_ms: number; written_at: number };
  quota_restraint: {
    tenant: string;
    api: string;
    cause: string;
    held_ms: number;
    pace: number;
    ceiling: number;
    written_at: number;
  };
  cache: { id: Generated<number>; name: string; value: string };
}

interface HiddenSpanColumns {
  counts: string;
  name: string;
  since: number;
  tenant: string;
}

/** Hits that were hidden in one span of a silence or of maintenance. */
interface HiddenTable extends HiddenSpanColumns {
  id: Generated<number>;
  until: number;
  rule_id: string;
  severity: string;
  hits: number;
  first_at: number;
  last_at: number;
}

/** `run`: `first` is the row of a run; `alert`: rows of alerts from `first` to `last`; else the outcome of deliveries of `entries`, ids as JSON. */
interface JournalTable {
  id: Generated<number>;
  at: number;
  kind: string;
  first: number | null;
  last: number | null;
  entries: string | null;
  reason: string | null;
  status: number | null;
}

interface LedgerTable {
  id: Generated<number>;
  rule: number;
  entry_id: string;
  from_at: number;
  to_at: number;
  logical_time: number;
  attempts: number;
  outcome: string;
  reason: string | null;
  failed_at: number | null;
}

/**
 * Pending: `settled_at` is null. Dead letter: `dead_at` is set. Delivered or dropped: `settled_at` is set and not `dead_at`. `waiting` is 1 where a
 * pending entry is not the first of its order key (see order-rows.ts); of finished entries it says nothing.
 */
interface OutboxTable {
  id: Generated<number>;
  alert: number;
  message_id: string;
  target: string;
  order_key: string;
  created_at: number;
  attempts: number;
  first_attempt_at: number | null;
  next_attempt_at: number;
  aged_ms: Generated<number>;
  tried_at: number | null;
  probed_from: number | null;
  settled_at: number | null;
  dead_at: number | null;
  reason: string | null;
  status: number | null;
  answer: string | null;
  waiting: Generated<number>;
  /** Of an entry that stands in for one of another target: the name of that. */
  instead_of: string | null;
  /** Of an entry that an escalation made: the time in ms without an acknowledgement. */
  escalated_after: number | null;
  /** In Postgres only, and there only of an entry whose target is divided: its part. Statements over all of a target do not name it. */
  shard: Generated<number | null>;
}

/** Builds statements and executes none: what is built is a step (steps.ts), which the database in use puts into its own words. */
export const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});
