import type { Alert } from '../../../alerts/alert.ts';
import type { Silence } from '../../../alerts/silences.ts';
import { createManualClock, type ManualClock } from '../../../lib/clock.ts';
import { MINUTE_MS } from '../../../lib/duration.ts';
import type { RuleTest, RunnableRule } from '../../../rules/rule.ts';
import type { RunReport } from '../../../run/run-rule.ts';
import type { Store, StoreReader } from '../../../state/store.ts';
import { type FixtureSource, fixtureSource } from '../../fixture-source.ts';
import { rowSource } from '../../row-source.ts';
import { originalOffsets } from '../../sent-places.ts';
import { rehearse } from '../../test-stage.ts';
import { whatIsUnseen } from '../../unseen-cells.ts';
import type { ExplainedRow, ExplainedRowAlert, ExplainedStep } from './explained-row.ts';
import type { GivenRow } from './given-row.ts';
import { type PlacedRow, placeRow } from './place-row.ts';
import { brokenInWords, rowInWords } from './row-in-words.ts';

export interface RowQuestion {
  readonly tenant: string;
  readonly row: GivenRow;
  /** null: whichever fits. */
  readonly table: string | null;
  /** Epoch ms. */
  readonly now: number;
  /** What the tenant's runs remember; null: there is no state. */
  readonly memory: Pick<StoreReader, 'findKeys' | 'findQuiet' | 'firingOf' | 'alertsById'> | null;
  readonly silences: readonly Silence[];
  /** An empty store that ends with the question. */
  readonly openStore: (clock: ManualClock) => Store;
}

/**
 * Runs a rule over one row, as its run does that would find it, with what the state remembers of keys, quiet times and silences. Nothing is
 * asked over the network, and nothing written. Rejects with USAGE where the row is none of the rule's, and with STATE_ errors.
 */
export async function explainRow(rule: RunnableRule, question: RowQuestion): Promise<ExplainedRow> {
  const placed = placeRow(rule, question.row, question.table);
  const time = timeOf(placed.row) ?? question.now - MINUTE_MS;
  const test = testOf(placed, time + MINUTE_MS);
  const about = {
    ...{ tenant: question.tenant, table: placed.table, leftOut: placed.leftOut },
    ...{ time: iso(time), logicalTime: iso(test.now) },
  };
  const broken = whatIsUnseen(rule, test);
  if (broken.length > 0) return { ...about, says: brokenInWords(broken), steps: [], alert: null };
  const clock = createManualClock(test.now);
  const store = question.openStore(clock);
  try {
    const events = test.rows ? null : fixtureSource(rule, test, clock);
    const source = events ?? rowSource(rule, test.rows ?? [], test.now);
    const bare = { source, clock, store, tenant: question.tenant };
    const silences = async () => question.silences;
    const report = await rehearse(rule, { ...bare, silences, store: remembering(store, question.memory) });
    const steps = report && events ? stepsOf(rule, report, events) : [];
    // What is held back has no alert; it is told what it would be.
    const alert =
      (report && (await alertOf(report, question))) ?? (await alertOf(await rehearse(rule, bare), question));
    return { ...about, says: rowInWords({ rule, placed, report, steps, alert }), steps, alert };
  } finally {
    await store.close();
  }
}

/** What a run asks of the store about rows that were there before is answered by the state. */
function remembering(store: Store, memory: RowQuestion['memory']): Store {
  if (memory === null) return store;
  const { findKeys, findQuiet, firingOf } = memory;
  return { ...store, findKeys, findQuiet, firingOf };
}

function testOf({ table, row }: PlacedRow, now: number): RuleTest {
  const rows = table === null ? [row] : null;
  const tables = table === null ? null : { [table]: [row] };
  return { name: 'row', line: 1, column: 1, now, rows, tables, functions: {}, externaldata: {}, alerts: [] };
}

/** null: it tells none. */
function timeOf(row: GivenRow): number | null {
  const given = row.Timestamp ?? row.TimeGenerated;
  const time = given === undefined || given === null ? Number.NaN : Date.parse(String(given));
  return Number.isNaN(time) ? null : time;
}

const LONGEST_STEP = 200;

function stepsOf(rule: RunnableRule, { run }: RunReport, events: FixtureSource): readonly ExplainedStep[] {
  const query = events.sent();
  const originalOf = originalOffsets(rule, run, query);
  return events.trace().map(({ start, end, rowsIn, rowsOut }) => {
    const original = originalOf(start);
    const text = query.slice(start, Math.min(end, start + LONGEST_STEP)).replace(/\s+/g, ' ');
    return { line: original === null ? null : rule.map.place(original).line, text, rowsIn, rowsOut };
  });
}

async function alertOf(report: RunReport | null, { memory }: RowQuestion): Promise<ExplainedRowAlert | null> {
  const alert = report?.alerts.find(({ kind, status }) => kind === 'detection' && status === 'firing');
  if (!alert) return null;
  const { id, title, severity, dedupKey } = alert;
  const isTold = memory !== null && (await memory.alertsById(id)).some((one) => one.id === id);
  return { id, title, severity, dedupKey, isTold, entities: alert.entities.map(namedEntity) };
}

function namedEntity({ type, ...fields }: Alert['entities'][number]): ExplainedRowAlert['entities'][number] {
  const texts = Object.values(fields).filter((value) => typeof value === 'string' || typeof value === 'number');
  return { type, name: texts.join(', ') };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
