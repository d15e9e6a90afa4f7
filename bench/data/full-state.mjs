import libsql from 'libsql';

/** In each run of a rule, one entry of so many waits for its target. */
const WAITS_EACH = 10;
/** One run of so many has a dead letter. */
const DEAD_EACH = 20;
const DAY_MS = 24 * 3600_000;

/** An alert's id by its rule and number, as long as that of a real one. */
export function alertIdOf(ruleId, number) {
  return `${ruleId}-${String(number).padStart(4, '0')}`.padEnd(40, '0');
}

/**
 * Makes a full state out of the small one `from`, in which the store has committed `rounds` runs of the rule `first`: every rule gets copies
 * of its rows, made by the database, in one transaction and without a journal, because a million commits take minutes. Runs are spread over a day; a tenth of the
 * entries wait, the others were delivered, some runs have a dead letter, one rule of 500 fails.
 */
export function fillState(path, { from, first, rules, rounds, now }) {
  const small = new libsql(from);
  small.exec(`VACUUM INTO '${path}'`);
  small.close();
  const database = new libsql(path);
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -200000'])
    database.exec(`PRAGMA ${pragma}`);
  database.exec('BEGIN');
  const kept = keepTemplates(database);
  let row = 0;
  let entry = 0;
  for (let round = 0; round < rounds; round += 1)
    for (const [index, id] of rules.entries()) {
      const at = now - DAY_MS + Math.floor((DAY_MS * (round * rules.length + index + 1)) / (rounds * rules.length));
      row += 1;
      entry += kept.copy({ index, id, at, round, run: row, entry }, first);
    }
  kept.finish();
  database.exec('COMMIT');
  database.close();
  return entry;
}

function columnsOf(database, table) {
  return database
    .prepare(`PRAGMA table_info(${table})`)
    .all()
    .map(({ name }) => name);
}

/** A statement that copies rows of `kept_TABLE`, with these columns instead of its own. */
function copier(database, table, changed, where) {
  const columns = columnsOf(database, table);
  const values = columns.map((name) => changed[name] ?? name);
  return database.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM kept_${table} WHERE ${where}`,
  );
}

const TABLES = ['rule', 'run', 'alert', 'outbox', 'journal'];

function keepTemplates(database) {
  for (const table of TABLES) {
    database.exec(`CREATE TEMP TABLE kept_${table} AS SELECT * FROM ${table} ORDER BY rowid`);
    database.exec(`DELETE FROM ${table}`);
  }
  const each = database.prepare('SELECT count(*) / (SELECT count(*) FROM kept_run) AS each FROM kept_alert').get().each;
  const named = (column) => `replace(${column}, :first, :id)`;
  const [ofRound, ofEntries] = [`id = :round + 1`, `id > :round * ${each} AND id <= (:round + 1) * ${each}`];
  const rule = copier(database, 'rule', { id: ':number', rule_id: named('rule_id'), last_run: 'NULL' }, '1');
  const shifted = { id: `:entry + id - :round * ${each}` };
  const run = copier(
    database,
    'run',
    {
      ...{ id: ':run', rule: ':number', run_id: named('run_id'), ended_at: ':at', first_alert: ':entry + 1' },
      last_alert: `:entry + ${each}`,
      record: `json_set(${named('record')}, '$.endedAt', :at, '$.startedAt', :at - 900, '$.logicalTime', :at, '$.window.from', :at - 900000, '$.window.to', :at)`,
    },
    ofRound,
  );
  const texts = { alert_id: named('alert_id'), created_at: ':at', document: named('document') };
  const alert = copier(database, 'alert', { ...shifted, ...texts }, ofEntries);
  const waits = `id % ${WAITS_EACH} = 0`;
  const dies = `(:run % ${DEAD_EACH} = 0 AND id % ${each} = 1)`;
  const when = (is, value) => `CASE WHEN ${is} THEN ${value} END`;
  const entry = copier(
    database,
    'outbox',
    {
      ...{ ...shifted, alert: shifted.id, message_id: named('message_id'), order_key: named('order_key') },
      ...{ created_at: ':at', attempts: '1', first_attempt_at: ':at + 40' },
      settled_at: when(`NOT ${waits}`, ':at + 500 + id'),
      dead_at: when(dies, ':at + 600'),
      ...{ reason: when(dies, "'HTTP 422'"), status: when(dies, '422'), answer: when(dies, "'no'") },
    },
    ofEntries,
  );
  const journal = copier(
    database,
    'journal',
    { id: ':run', at: ':at', first: ':run' },
    "id = :round + 1 AND kind = 'run'",
  );
  return {
    copy: ({ index, id, at, round, run: number, entry: before }, first) => {
      const values = { first, id, number: index + 1, at, round, run: number, entry: before };
      const given = (names) => Object.fromEntries(names.map((name) => [name, values[name]]));
      if (round === 0) rule.run(given(['number', 'first', 'id']));
      run.run(given(['run', 'number', 'first', 'id', 'at', 'round', 'entry']));
      alert.run(given(['entry', 'round', 'first', 'id', 'at']));
      entry.run(given(['entry', 'round', 'first', 'id', 'at', 'run']));
      journal.run(given(['run', 'at', 'round']));
      return each;
    },
    finish: () => {
      database.exec('UPDATE rule SET last_run = (SELECT max(id) FROM run WHERE run.rule = rule.id)');
      // A target that gets little has had its only alert long ago.
      database.exec("UPDATE outbox SET target = 'pager' WHERE id = 1");
      database.exec("UPDATE rule SET state = json_set(state, '$.standing', 'failing') WHERE id % 500 = 1");
      for (const table of TABLES) database.exec(`DROP TABLE kept_${table}`);
    },
  };
}
