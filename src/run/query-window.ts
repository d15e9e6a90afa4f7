import type { Collected } from '../alerts/hit.ts';
import { type RenderedQuery, type RenderOptions, renderQuery } from '../kql/render.ts';
import type { Column } from '../kql/types.ts';
import type { Window } from '../kql/window.ts';
import { timeRangeOf } from '../kql/workspace/time-range.ts';
import { DAY_MS } from '../lib/duration.ts';
import { type HuntwireError, toHuntwireError } from '../lib/errors.ts';
import type { EndedCounts } from '../sources/quota/quota-meter.ts';
import type { KeptQuery } from '../state/journal-store.ts';
import { lackOf } from './arrivals/lack-of.ts';
import { learnUnstamped } from './arrivals/learn-unstamped.ts';
import { type Asked, type Asking, ask, isTruncated } from './ask.ts';
import { type Collecting, startCollecting } from './calls/collecting.ts';
import { keptQuery } from './calls/keep-query.ts';
import { noteCall } from './calls/note-call.ts';
import type { EndedCall } from './calls/send-query.ts';
import { speaksAgainstWindow } from './calls/weigh-failure.ts';
import { isFailedPart } from './coverage/slices.ts';
import { placeError } from './error-place.ts';
import { noteScanned } from './plan/scanned.ts';
import type { RunInput } from './run-input.ts';
import { laterThanMs } from './sweep/sweep-view.ts';
import type { RunDeps } from './tenant.ts';
import { learnTimeColumns, type TimeColumnDeps, type TimeColumns } from './time-columns.ts';

/** What came of asking. */
export type WindowAnswer =
  | {
      readonly kind: 'answered';
      readonly asked: Asked;
      readonly columns: readonly Column[];
      readonly collected: Collected;
      readonly calls: number;
      /** The query that was sent; null: it is too long to be kept. */
      readonly query?: KeptQuery | null;
    }
  | {
      readonly kind: 'failed';
      readonly error: HuntwireError;
      readonly calls: number;
      /** The failure speaks against this window, and not against the service, the network or the credentials. */
      readonly counts: boolean;
      /** As above; null also where none was sent. */
      readonly query?: KeptQuery | null;
    };

/** Asks for the planned window and collects its rows into hits. Rejects when the work was stopped and with STATE_ errors. */
export async function queryWindow(input: RunInput, deps: RunDeps): Promise<WindowAnswer> {
  const collecting = startCollecting(input);
  const spent: Spent = {
    calls: 0,
    answered: 0,
    before: input.tenant.meter.endings(),
    timeColumns: {},
    unstamped: new Set(),
    query: null,
    scanned: null,
  };
  try {
    await learnTables(input, deps, spent);
    const asked = await ask(askingOf(input, deps, collecting, spent));
    const { rule, tenant } = input;
    const measured = { tenant: tenant.name, ruleId: rule.id, hash: rule.hash };
    if (spent.scanned !== null) await noteScanned(deps.store.cache, measured, spent.scanned);
    return {
      kind: 'answered',
      asked,
      columns: collecting.columns(),
      collected: await collecting.finish({ complete: !isTruncated(asked) }),
      calls: spent.calls,
      query: spent.query,
    };
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (error.code === 'ABORTED' || error.code.startsWith('STATE_') || input.signal.aborted) throw error;
    return failedWith(input, deps, spent, placed(input, deps, spent, error));
  }
}

async function failedWith(input: RunInput, deps: RunDeps, spent: Spent, error: HuntwireError): Promise<WindowAnswer> {
  const { before, calls: ended, answered } = spent;
  const own = { ended, answered };
  const called = (): void => {
    spent.calls += 1;
  };
  const counts = await speaksAgainstWindow(input, error, { before, own }, deps, called).catch((thrown: unknown) => {
    const failure = toHuntwireError(thrown);
    if (failure.code !== 'SOURCE_QUOTA') throw failure;
    return false;
  });
  return { kind: 'failed', error, calls: spent.calls, counts, query: spent.query };
}

/** What asking has spent and learnt so far. */
interface Spent {
  calls: number;
  answered: number;
  readonly before: EndedCounts;
  timeColumns: TimeColumns;
  /** Tables without ingestion time. */
  unstamped: ReadonlySet<string>;
  /** The first query that was made; those of other slices differ in their instants alone. */
  query: KeptQuery | null;
  /** Bytes that the queries read, as far as the source tells. */
  scanned: number | null;
}

/** Only a window needs a time column. */
async function learnTables(input: RunInput, deps: RunDeps, spent: Spent): Promise<void> {
  const { rule, tenant, planned, admit, signal } = input;
  if (planned.asked === null) return;
  const asking: TimeColumnDeps = {
    tenant: tenant.name,
    ruleId: rule.id,
    source: tenant.source,
    cache: deps.store.cache,
    clock: deps.clock,
    admit,
    called: (call) => countCall(input, spent, call),
    signal,
  };
  const { tables } = rule.prepared;
  spent.timeColumns = await learnTimeColumns(tables, asking);
  if (planned.asked.basis === 'ingestion') spent.unstamped = await learnUnstamped(tables, spent.timeColumns, asking);
}

async function countCall({ tenant }: RunInput, spent: Spent, call: EndedCall): Promise<void> {
  spent.calls += 1;
  if (call.end) spent.answered += 1;
  await noteCall(tenant, call);
}

function askingOf(input: RunInput, deps: RunDeps, collecting: Collecting, spent: Spent): Asking {
  const { rule, tenant, planned } = input;
  const stream = rule.effectiveShape === 'stream';
  return {
    ruleId: rule.id,
    source: tenant.source,
    window: planned.asked,
    failed: isFailedPart(rule.effectiveShape, planned) ? planned.core : null,
    render: (slice: Window | null) => noteQuery(input, spent, slice, rendered(input, deps, spent, slice)),
    taker: collecting,
    divisible: stream,
    sliceMs: stream ? (input.sweep ?? input.edited).coverage.sliceMs : null,
    settings: deps.settings,
    admit: input.admit,
    called: (call) => {
      if (call.end?.scannedBytes !== undefined) spent.scanned = (spent.scanned ?? 0) + call.end.scannedBytes;
      return countCall(input, spent, call);
    },
    monotonic: deps.clock.monotonic,
    signal: input.signal,
    asOf: planned.logicalTime,
    rangeOf: (slice) => timeRangeOf(rule.prepared, renderOptions(input, deps, spent, slice)),
  };
}

/** The text to send; it is kept beside the run. */
function noteQuery(
  { rule, tenant, planned }: RunInput,
  spent: Spent,
  slice: Window | null,
  query: RenderedQuery,
): string {
  const { logicalTime } = planned;
  const lack = rule.window.unstamped ? lackOf(query.text, tenant.source.api) : null;
  if (lack) throw lack;
  spent.query ??= keptQuery(query, { logicalTime, from: slice?.from ?? null, to: slice?.to ?? null });
  return query.text;
}

const QUERY_ERRORS: ReadonlySet<string> = new Set([
  'SOURCE_QUERY_INVALID',
  'SOURCE_TABLE_MISSING',
  'KQL_SYNTAX',
  'KQL_UNSUPPORTED',
  'KQL_FAILED',
]);

/** Every slice has the same lines, so the whole window's text tells the place. */
function placed(input: RunInput, deps: RunDeps, spent: Spent, error: HuntwireError): HuntwireError {
  if (!QUERY_ERRORS.has(error.code)) return error;
  const whole = rendered(input, deps, spent, input.planned.asked);
  return placeError(input.rule, whole, error, input.tenant.source.api !== 'local');
}

/** How far streams reach back in tables without ingestion time: what comes later is found by no window. */
const UNSTAMPED_REACH_MS = DAY_MS;

function rendered(input: RunInput, deps: RunDeps, spent: Spent, window: Window | null): RenderedQuery {
  return renderQuery(input.rule.prepared, renderOptions(input, deps, spent, window));
}

function renderOptions(
  input: RunInput,
  deps: RunDeps,
  { timeColumns, unstamped }: Spent,
  window: Window | null,
): RenderOptions {
  const { rule, planned, tenant, sweep } = input;
  const { latenessMs } = deps.settings;
  const { arrivals, serviceClock } = tenant;
  const reachMs = rule.effectiveShape === 'stream' ? UNSTAMPED_REACH_MS : 0;
  const notBefore = planned.logicalTime - tenant.source.retentionMs;
  return {
    logicalTime: planned.logicalTime,
    window,
    latenessMs,
    params: rule.params,
    timeColumns,
    ...(unstamped.size > 0 && { unstamped: { tables: unstamped, reachMs } }),
    ...(arrivals && { stampedSince: (table: string) => arrivals.stampedSince(table, serviceClock.now() ?? 0) }),
    ...(sweep && { late: { laterThanMs: laterThanMs(rule, deps.settings), notBefore } }),
  };
}
