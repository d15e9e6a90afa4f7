/** One step of the file's layout. A step that was released is never changed; a new one is added behind it. */
export interface Migration {
  readonly number: number;
  readonly statements: readonly string[];
}

/**
 * Hashes are never the clustered key: an integer rowid with a unique index beside it writes twice as fast.
 * The partial indexes keep delivered entries out of everything that the delivery loop looks at.
 */
const FIRST: Migration = {
  number: 1,
  statements: [
    'CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)',
    `CREATE TABLE rule (id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, rule_id TEXT NOT NULL, state TEXT NOT NULL, last_run INTEGER,
      UNIQUE (tenant, rule_id))`,
    `CREATE TABLE ledger (id INTEGER PRIMARY KEY, rule INTEGER NOT NULL, entry_id TEXT NOT NULL, from_at INTEGER NOT NULL, to_at INTEGER NOT NULL,
      logical_time INTEGER NOT NULL, attempts INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT, UNIQUE (rule, entry_id))`,
    `CREATE TABLE run (id INTEGER PRIMARY KEY, rule INTEGER NOT NULL, run_id TEXT NOT NULL UNIQUE, ended_at INTEGER NOT NULL, record TEXT NOT NULL)`,
    'CREATE INDEX run_ended ON run (ended_at)',
    `CREATE TABLE row_key (id INTEGER PRIMARY KEY, rule INTEGER NOT NULL, key BLOB NOT NULL, state TEXT NOT NULL, told_to INTEGER,
      last_returned INTEGER NOT NULL, UNIQUE (rule, key))`,
    'CREATE INDEX row_key_returned ON row_key (rule, last_returned)',
    `CREATE TABLE quiet (id INTEGER PRIMARY KEY, rule INTEGER NOT NULL, dedup_key TEXT NOT NULL, opened_at INTEGER NOT NULL,
      suppressed_count INTEGER NOT NULL, UNIQUE (rule, dedup_key))`,
    `CREATE TABLE alert (id INTEGER PRIMARY KEY, alert_id TEXT NOT NULL, revision INTEGER NOT NULL, created_at INTEGER NOT NULL,
      document TEXT NOT NULL, UNIQUE (alert_id, revision))`,
    `CREATE TABLE outbox (id INTEGER PRIMARY KEY, alert INTEGER NOT NULL, message_id TEXT NOT NULL, target TEXT NOT NULL, order_key TEXT NOT NULL,
      created_at INTEGER NOT NULL, attempts INTEGER NOT NULL, first_attempt_at INTEGER, next_attempt_at INTEGER NOT NULL, settled_at INTEGER,
      dead_at INTEGER, reason TEXT, status INTEGER, answer TEXT, UNIQUE (alert, target))`,
    'CREATE INDEX outbox_due ON outbox (target, next_attempt_at, id) WHERE settled_at IS NULL',
    'CREATE INDEX outbox_order ON outbox (target, order_key, id) WHERE settled_at IS NULL',
    'CREATE INDEX outbox_dead ON outbox (target, id) WHERE dead_at IS NOT NULL',
    `CREATE TABLE health (tenant TEXT NOT NULL, code TEXT NOT NULL, subject TEXT NOT NULL, since INTEGER NOT NULL, alert_id TEXT NOT NULL,
      revision INTEGER NOT NULL, PRIMARY KEY (tenant, code, subject))`,
    `CREATE TABLE target (name TEXT PRIMARY KEY, blocked_since INTEGER, reason TEXT, next_probe_at INTEGER, probes INTEGER NOT NULL)`,
    `CREATE TABLE quota_call (id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, api TEXT NOT NULL, at INTEGER NOT NULL, run_ms REAL NOT NULL)`,
    'CREATE INDEX quota_call_at ON quota_call (tenant, api, at)',
    'CREATE TABLE quota_pause (tenant TEXT NOT NULL, api TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (tenant, api))',
    'CREATE TABLE cache (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, value TEXT NOT NULL)',
  ],
};

/** Entries that wait behind an earlier one leave the index that the delivery loop reads: a long queue of one order key cost a look at each. */
const WAITING: Migration = {
  number: 2,
  statements: [
    'ALTER TABLE outbox ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0',
    `UPDATE outbox SET waiting = 1 WHERE settled_at IS NULL AND EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.target = outbox.target
      AND earlier.order_key = outbox.order_key AND earlier.settled_at IS NULL AND earlier.id < outbox.id)`,
    'DROP INDEX outbox_due',
    'CREATE INDEX outbox_due ON outbox (target, next_attempt_at, id) WHERE settled_at IS NULL AND waiting = 0',
  ],
};

/** A pause is what was left of it and when that was written: until an instant, a clock that was wrong for a minute made it last a day. */
const PAUSE_LEFT: Migration = {
  number: 3,
  statements: [
    'DROP TABLE quota_pause',
    `CREATE TABLE quota_pause (tenant TEXT NOT NULL, api TEXT NOT NULL, remained_ms INTEGER NOT NULL, written_at INTEGER NOT NULL,
      PRIMARY KEY (tenant, api))`,
  ],
};

/** What waits does so by the outbox's own time; what waited by the wall clock before is due at once. Ages are counted from attempt to attempt. */
const OUTBOX_TIME: Migration = {
  number: 4,
  statements: [
    'ALTER TABLE outbox ADD COLUMN aged_ms INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE outbox ADD COLUMN tried_at INTEGER',
    'ALTER TABLE outbox ADD COLUMN probed_from INTEGER',
    'UPDATE outbox SET next_attempt_at = 0 WHERE settled_at IS NULL',
    'ALTER TABLE target ADD COLUMN probed_ms INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE target ADD COLUMN probed_at INTEGER',
    'ALTER TABLE target ADD COLUMN paused_until INTEGER',
    'UPDATE target SET next_probe_at = 0 WHERE next_probe_at IS NOT NULL',
  ],
};

/** What was held back has a window and a newest event, too; windows that told a key do not hide one another. */
const HELD_BACK: Migration = {
  number: 5,
  statements: [
    'ALTER TABLE row_key ADD COLUMN told_before TEXT',
    'ALTER TABLE row_key ADD COLUMN held_to INTEGER',
    'ALTER TABLE row_key ADD COLUMN held_newest TEXT',
  ],
};

/** A quiet time that a later window opened does not end an earlier one, which windows that are made up for may fall into. */
const OPENINGS: Migration = { number: 6, statements: ['ALTER TABLE quiet ADD COLUMN opened_before TEXT'] };

/** A window whose failure spoke against it rests before it is asked again. */
const FAILED_AT: Migration = { number: 7, statements: ['ALTER TABLE ledger ADD COLUMN failed_at INTEGER'] };

/** What a target answered to a delivery: the key of a ticket, which later messages of the alert need. */
const RECEIPTS: Migration = {
  number: 8,
  statements: [
    `CREATE TABLE receipt (id INTEGER PRIMARY KEY, alert_id TEXT NOT NULL, target TEXT NOT NULL, receipt TEXT NOT NULL, at INTEGER NOT NULL,
      UNIQUE (alert_id, target))`,
  ],
};

/** Silences that were added beside the configuration, what silences and maintenance hid, and how much of that was told. */
const SILENCES: Migration = {
  number: 9,
  statements: [
    `CREATE TABLE silence (id TEXT PRIMARY KEY, match TEXT NOT NULL, owner TEXT NOT NULL, reason TEXT NOT NULL, starts INTEGER,
      ends INTEGER NOT NULL, added_at INTEGER NOT NULL, expired_at INTEGER)`,
    `CREATE TABLE hidden (id INTEGER PRIMARY KEY, counts TEXT NOT NULL, name TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
      tenant TEXT NOT NULL, rule_id TEXT NOT NULL, severity TEXT NOT NULL, hits INTEGER NOT NULL, first_at INTEGER NOT NULL,
      last_at INTEGER NOT NULL, UNIQUE (counts, name, since, tenant, rule_id, severity))`,
    `CREATE TABLE summary (id INTEGER PRIMARY KEY, counts TEXT NOT NULL, name TEXT NOT NULL, since INTEGER NOT NULL, tenant TEXT NOT NULL,
      revision INTEGER NOT NULL, hits INTEGER NOT NULL, at INTEGER NOT NULL, UNIQUE (counts, name, since, tenant))`,
    'ALTER TABLE health ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0',
  ],
};

/** Entries for targets that stand in for others, and since when a target has taken nothing. */
const DETOURS: Migration = {
  number: 10,
  statements: [
    'ALTER TABLE outbox ADD COLUMN instead_of TEXT',
    'ALTER TABLE outbox ADD COLUMN escalated_after INTEGER',
    'ALTER TABLE target ADD COLUMN down_since INTEGER',
  ],
};

/** Alerts of which an update or the end is still to be told. */
const FIRING: Migration = {
  number: 11,
  statements: [
    `CREATE TABLE firing (id INTEGER PRIMARY KEY, rule INTEGER NOT NULL, alert_id TEXT NOT NULL, dedup_key TEXT NOT NULL, revision INTEGER NOT NULL,
      since INTEGER NOT NULL, told_at INTEGER NOT NULL, held_at INTEGER NOT NULL, gone_from INTEGER, severity TEXT NOT NULL, row_count INTEGER NOT NULL,
      last_seen TEXT NOT NULL, targets TEXT NOT NULL, UNIQUE (rule, alert_id))`,
    'CREATE INDEX firing_alert ON firing (alert_id)',
  ],
};

/** Entries that wait behind another are looked through where a target takes them one behind another. */
const SUCCESSORS: Migration = {
  number: 12,
  statements: ['CREATE INDEX outbox_waiting ON outbox (target, id) WHERE settled_at IS NULL AND waiting = 1'],
};

/** Escalations wait for an acknowledgement, messages for the digest of their target. What is done stays, so that it is not done again. */
const ESCALATIONS: Migration = {
  number: 13,
  statements: [
    `CREATE TABLE escalation (id INTEGER PRIMARY KEY, alert_id TEXT NOT NULL, plan TEXT NOT NULL, step INTEGER NOT NULL, due_at INTEGER,
      UNIQUE (alert_id, plan))`,
    'CREATE INDEX escalation_due ON escalation (due_at) WHERE due_at IS NOT NULL',
    'CREATE TABLE acknowledgement (id INTEGER PRIMARY KEY, alert_id TEXT NOT NULL UNIQUE, by TEXT NOT NULL, at INTEGER NOT NULL)',
    `CREATE TABLE digest (id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, target TEXT NOT NULL, every_ms INTEGER NOT NULL, from_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0, told_at INTEGER)`,
    'CREATE UNIQUE INDEX digest_open ON digest (tenant, target, every_ms) WHERE closed = 0',
    'CREATE INDEX digest_untold ON digest (due_at) WHERE told_at IS NULL',
    `CREATE TABLE digest_item (id INTEGER PRIMARY KEY, digest INTEGER NOT NULL, alert INTEGER NOT NULL, alert_id TEXT NOT NULL, target TEXT NOT NULL,
      rank INTEGER NOT NULL, rule TEXT NOT NULL, UNIQUE (alert, target))`,
    'CREATE INDEX digest_item_of ON digest_item (digest, alert_id)',
  ],
};

/** What was held back is counted by reason; of what older versions counted, most were hits of windows that overlap. */
const COUNTED_BY_REASON: Migration = {
  number: 14,
  statements: [
    'ALTER TABLE quiet ADD COLUMN held TEXT',
    "UPDATE quiet SET held = json_object('duplicate', suppressed_count) WHERE suppressed_count > 0",
    'ALTER TABLE quiet DROP COLUMN suppressed_count',
  ],
};

/** What comes back after its end was told is news, also of a snapshot, whose rows are known for 30 days. */
const ENDS_OF_SNAPSHOTS: Migration = { number: 15, statements: ['ALTER TABLE quiet ADD COLUMN ended_at INTEGER'] };

/** What alerts turned out to be, counted by rule; also of those that were acknowledged before. */
const DISPOSED: Migration = {
  number: 16,
  statements: [
    'ALTER TABLE acknowledgement ADD COLUMN disposition TEXT',
    'ALTER TABLE acknowledgement ADD COLUMN tenant TEXT',
    'ALTER TABLE acknowledgement ADD COLUMN rule_id TEXT',
    `UPDATE acknowledgement SET (tenant, rule_id) = (SELECT json_extract(document, '$.tenant'), json_extract(document, '$.rule.id') FROM alert
      WHERE alert.alert_id = acknowledgement.alert_id LIMIT 1)`,
  ],
};

/** What a 429 leaves behind beside its pause: a slower pace, low lanes that are held. */
const RESTRAINTS: Migration = {
  number: 17,
  statements: [
    `CREATE TABLE quota_restraint (tenant TEXT NOT NULL, api TEXT NOT NULL, cause TEXT NOT NULL, held_ms INTEGER NOT NULL, pace REAL NOT NULL,
      ceiling REAL NOT NULL, written_at INTEGER NOT NULL, PRIMARY KEY (tenant, api))`,
  ],
};

/** What happened is kept in its order: who asks for it later reads no more than that. Queries that runs send are kept once, less their instants. */
const JOURNAL: Migration = {
  number: 18,
  statements: [
    'CREATE TABLE sent_query (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, template TEXT NOT NULL)',
    'ALTER TABLE run ADD COLUMN query INTEGER',
    'ALTER TABLE run ADD COLUMN first_alert INTEGER',
    'ALTER TABLE run ADD COLUMN last_alert INTEGER',
    'CREATE INDEX run_of_rule ON run (rule, ended_at)',
    `CREATE TABLE journal (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, first INTEGER, last INTEGER, entries TEXT,
      reason TEXT, status INTEGER)`,
  ],
};

/** Who changed what, and when. */
const AUDIT: Migration = {
  number: 19,
  statements: [
    `CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, before TEXT,
      after TEXT)`,
  ],
};

/** What was held back is known in each window that did so, not only in the latest. */
const HELD_BEFORE: Migration = {
  number: 20,
  statements: ['ALTER TABLE row_key ADD COLUMN held_before TEXT'],
};

export const MIGRATIONS: readonly Migration[] = [
  FIRST,
  WAITING,
  PAUSE_LEFT,
  OUTBOX_TIME,
  HELD_BACK,
  OPENINGS,
  FAILED_AT,
  RECEIPTS,
  SILENCES,
  DETOURS,
  FIRING,
  SUCCESSORS,
  ESCALATIONS,
  COUNTED_BY_REASON,
  ENDS_OF_SNAPSHOTS,
  DISPOSED,
  RESTRAINTS,
  JOURNAL,
  AUDIT,
  HELD_BEFORE,
];
