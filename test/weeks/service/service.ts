import type { Column } from '../../../src/kql/types.ts';
import type { TimeRange } from '../../../src/kql/window.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import type { Cell, QueryEnd, QueryRequest, RowSink } from '../../../src/sources/source.ts';
import { createRandom } from '../random.ts';
import type { Scenario, ServiceSpec } from '../scenario.ts';
import type { AskedRecord, Journal, ResultRow } from '../world/journal.ts';
import type { Machine } from '../world/machine.ts';
import type { SimTime } from '../world/sim-time.ts';
import { createFaults, type Faults } from './faults.ts';
import { answerQuery } from './kql-operators.ts';
import type { ModelTable, Value } from './kql-values.ts';
import { legsOf, type ModelLeg, tellLegs } from './pack.ts';
import { createTables } from './tables.ts';

/** The process that asks. */
export interface Caller {
  readonly life: number;
  readonly isDead: () => boolean;
  /** The rule's mark, by the id that it has in this process. */
  readonly markOf: (ruleId: string) => string | null;
}

/** The API as we know it from its documentation: what it holds, what it allows, how it fails. */
export interface ServiceModel {
  query(request: QueryRequest, sink: RowSink, caller: Caller): Promise<QueryEnd>;
  /** The login host: gives a token, and tells the time. */
  greet(signal: AbortSignal, caller: Caller): Promise<number | null>;
  /** When requests came in, epoch ms; also those that nobody heard an answer to. */
  readonly calls: readonly number[];
  readonly spec: ServiceSpec;
}

interface Stage {
  readonly tenant: string;
  /** As if the tenant were alone. */
  readonly scenario: Scenario;
  readonly time: SimTime;
  readonly machine: Machine;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly tableOf: (name: string, now: number) => ModelTable;
  readonly latency: () => number;
  /** When requests came in, ms. */
  readonly calls: number[];
  /** Requests that still break for each of the `reset` faults. */
  readonly resets: { readonly at: number; left: number }[];
  answers: number;
}

export const TIMEOUT_MS = 240_000;
/** What the service allows beyond what we plan with. */
const ALLOWANCE = 1.125;

export function createService(
  parts: Pick<Stage, 'tenant' | 'scenario' | 'time' | 'machine' | 'journal'>,
): ServiceModel {
  const { scenario } = parts;
  const random = createRandom(scenario.seed).fork('latency');
  const [least, most] = scenario.service.latency;
  const faults = createFaults(scenario);
  const stage: Stage = {
    ...parts,
    faults,
    tableOf: createTables(scenario).tableOf,
    latency: () => Math.round(1000 * (least + random.next() * (most - least))),
    calls: [],
    resets: faults.all('reset').map(({ at, count }) => ({ at: Date.parse(scenario.start) + at * 1000, left: count })),
    answers: 0,
  };
  return {
    query: (request, sink, caller) => {
      const legs = legsOf(request);
      return legs ? answerLegs(stage, legs, request, sink, caller) : answer(stage, request, sink, caller);
    },
    greet: (signal, caller) => greet(stage, signal, caller),
    calls: stage.calls,
    spec: scenario.service,
  };
}

type Asking = Pick<AskedRecord, 'tenant' | 'ruleId' | 'about' | 'window' | 'began' | 'life'>;

async function answer(stage: Stage, request: QueryRequest, sink: RowSink, caller: Caller): Promise<QueryEnd> {
  const { time, machine, journal } = stage;
  const began = time.now();
  const { ruleId, query } = request;
  const about = aboutOf(query);
  const { tenant } = stage;
  const asking: Asking = {
    tenant,
    ruleId,
    about,
    window: about === 'rule' ? windowOf(query) : null,
    began,
    life: caller.life,
  };
  const overLimit = isOverLimit(stage, began);
  stage.calls.push(began);
  const failure = failureOf(stage, asking, caller, overLimit);
  const table = failure ? null : resultOf(stage, query, asking);
  const took = failure?.after ?? stage.faults.now('slow', began)?.latency;
  const wait = took === undefined ? stage.latency() : took * 1000;
  await machine.delay(Math.min(wait, TIMEOUT_MS), caller.isDead, request.signal).catch((aborted: unknown) => {
    journal.add({
      kind: 'asked',
      at: time.now(),
      ...asking,
      outcome: 'ABORTED',
      rows: [],
      truncated: false,
      toldTime: null,
    });
    throw aborted;
  });
  const toldTime = failure?.silent ? null : dateOf(stage);
  const record = { kind: 'asked' as const, at: time.now(), ...asking, rows: [], truncated: false, toldTime };
  const error = failure?.error ?? (wait > TIMEOUT_MS ? timeout() : null);
  if (error || !table) {
    const thrown = error ?? new HuntwireError('SOURCE_SERVER', 'no answer', { retryable: true });
    journal.add({ ...record, outcome: thrown.code });
    throw withTime(thrown, toldTime);
  }
  const rows = table.rows.slice(0, stage.scenario.service.maxRows);
  const truncated = rows.length === stage.scenario.service.maxRows;
  journal.add({ ...record, outcome: 'answered', rows: rows.map(({ cells }) => cells as ResultRow), truncated });
  sink.schema(table.columns as readonly Column[]);
  for (const row of rows)
    sink.row(Object.fromEntries(table.columns.map(({ name, type }) => [name, cellOf(row.cells[name], type)])));
  return { rows: rows.length, truncated, bytes: 0, elapsedMs: wait, serviceTime: toldTime };
}

/** Failures that say nothing of a query: each rule of a call is told of them. */
const OF_ALL: ReadonlySet<string> = new Set(['SOURCE_THROTTLED', 'SOURCE_NETWORK', 'SOURCE_AUTH', 'ABORTED']);

/** One call for several rules. The journal tells what each of them is told; of a call that is not answered to them, nothing. */
async function answerLegs(
  stage: Stage,
  legs: readonly ModelLeg[],
  request: QueryRequest,
  sink: RowSink,
  caller: Caller,
): Promise<QueryEnd> {
  const { time, machine, journal } = stage;
  const began = time.now();
  const overLimit = isOverLimit(stage, began);
  stage.calls.push(began);
  const askings = legs.map(({ ruleId, query }): Asking => {
    return { tenant: stage.tenant, ruleId, about: 'rule', window: windowOf(query), began, life: caller.life };
  });
  const [first] = askings;
  if (!first) throw new Error('a pack of nothing');
  const heavy = askings.map((asking) => heavyFailure(stage, asking, caller)).find((one) => one !== null) ?? null;
  const failure = failureOf(stage, { ...first, about: 'table' }, caller, overLimit) ?? heavy;
  const tables = failure ? [] : legs.map(({ query }, index) => resultOf(stage, query, askings[index] ?? first));
  const wait = Math.min((failure?.after ?? stage.latency() / 1000) * 1000, TIMEOUT_MS);
  const note = (asking: Asking, outcome: string, rows: readonly ResultRow[], toldTime: number | null): void =>
    journal.add({ kind: 'asked', at: time.now(), ...asking, outcome, rows, truncated: false, toldTime });
  const pack: Asking = { ...first, ruleId: request.ruleId, about: 'pack', window: null };
  await machine.delay(wait, caller.isDead, request.signal).catch((aborted: unknown) => {
    for (const asking of [pack, ...askings]) note(asking, 'ABORTED', [], null);
    throw aborted;
  });
  const toldTime = failure?.silent ? null : dateOf(stage);
  if (failure) {
    const { error } = failure;
    note(pack, error.code, [], toldTime);
    if (OF_ALL.has(error.code)) for (const asking of askings) note(asking, error.code, [], toldTime);
    throw withTime(error, toldTime);
  }
  const { maxRows } = stage.scenario.service;
  const truncated = tables.reduce((sum, { rows }) => sum + rows.length, 0) >= maxRows;
  note(pack, truncated ? 'cut short' : 'answered', [], toldTime);
  if (truncated) return { rows: maxRows, truncated, bytes: 0, elapsedMs: wait, serviceTime: toldTime };
  for (const [index, table] of tables.entries())
    note(
      askings[index] ?? first,
      'answered',
      table.rows.map(({ cells }) => cells as ResultRow),
      toldTime,
    );
  const told = tables.map(({ columns, rows }, index) => ({
    wanted: legs[index]?.wanted ?? [],
    rows: rows.map((row) => Object.fromEntries(columns.map(({ name, type }) => [name, cellOf(row.cells[name], type)]))),
  }));
  return { rows: tellLegs(told, sink), truncated: false, bytes: 0, elapsedMs: wait, serviceTime: toldTime };
}

async function greet({ faults, machine, time, scenario }: Stage, signal: AbortSignal, caller: Caller): Promise<number> {
  await machine.delay(500, caller.isDead, signal);
  const api = faults.now('api', time.now());
  if (api?.failure === 'network' || api?.failure === 'auth') throw failing('SOURCE_AUTH', 'the login service is down');
  const { dateStep } = scenario.service;
  return Math.floor(time.now() / dateStep) * dateStep;
}

export function aboutOf(query: string): Asking['about'] {
  if (/^\s*print\b/.test(query)) return 'clock';
  return /\|\s*getschema\b|isnull\(ingestion_time\(\)\)\s*\|?\s*(?:\|\s*)?(take|count)/.test(query) ? 'table' : 'rule';
}

const ARRIVED = /ingestion_time\(\) >= datetime\(([^)]+)\) and ingestion_time\(\) < datetime\(([^)]+)\)/;
const HAPPENED = /Timestamp >= datetime\(([^)]+)\) and Timestamp < datetime\(([^)]+)\)/;

/** The window that the first filter of the text names. */
export function windowOf(query: string): TimeRange | null {
  const match = ARRIVED.exec(query) ?? HAPPENED.exec(query);
  return match ? { from: Date.parse(match[1] ?? ''), to: Date.parse(match[2] ?? '') } : null;
}

interface Failure {
  readonly error: HuntwireError;
  /** Seconds until it is told; the service's usual time where left out. */
  readonly after?: number;
  /** No answer came, so none told the time. */
  readonly silent?: boolean;
}

function failureOf(stage: Stage, asking: Asking, caller: Caller, overLimit: boolean): Failure | null {
  const { faults } = stage;
  const { began: now } = asking;
  const reset = stage.resets.find(({ at, left }) => at <= now && left > 0);
  if (reset) {
    reset.left -= 1;
    const error = new HuntwireError('SOURCE_NETWORK', 'the connection was reset', {
      retryable: true,
      unanswered: true,
    });
    return { error, after: 0, silent: true };
  }
  const api = faults.now('api', now);
  if (api?.failure === 'network')
    return { error: failing('SOURCE_NETWORK', 'no route to the host'), after: 1, silent: true };
  if (api?.failure === 'auth')
    return { error: failing('SOURCE_AUTH', 'the login service is down'), after: 1, silent: true };
  if (overLimit) return { error: throttled(60), after: 0 };
  const throttle = faults.now('throttle', now);
  if (throttle) return { error: throttled(throttle.retryAfter), after: 0 };
  if (api?.failure === 'server') return { error: failing('SOURCE_SERVER', 'answered 503'), after: 1 };
  if (api) return { error: failing('SOURCE_RESPONSE_INVALID', 'the answer ends early') };
  return heavyFailure(stage, asking, caller);
}

function heavyFailure({ faults }: Stage, { began, about, ruleId, window }: Asking, caller: Caller): Failure | null {
  if (about !== 'rule') return null;
  const mark = caller.markOf(ruleId);
  const heavy = faults.now('heavy', began, (fault) => fault.mark === mark);
  const length = window ? (window.to - window.from) / 1000 : Number.POSITIVE_INFINITY;
  return heavy && length > heavy.longest ? { error: timeout(), after: heavy.after } : null;
}

/** Counts what came in, whatever became of it. */
function isOverLimit({ calls, scenario }: Stage, now: number): boolean {
  const { callsPerMinute, callsPerHour } = scenario.service;
  const since = (ms: number): number => {
    let count = 0;
    for (let index = calls.length - 1; index >= 0 && (calls[index] ?? 0) > now - ms; index -= 1) count += 1;
    return count;
  };
  return (
    since(60_000) >= Math.floor(callsPerMinute * ALLOWANCE) || since(3_600_000) >= Math.floor(callsPerHour * ALLOWANCE)
  );
}

function resultOf(stage: Stage, query: string, { about, began }: Asking): ModelTable {
  if (about === 'clock') {
    return { columns: [{ name: 'print_0', type: 'datetime' }], rows: [{ arrival: null, cells: { print_0: began } }] };
  }
  if (about === 'table') return { columns: [{ name: 'Count', type: 'long' }], rows: [] };
  return answerQuery(query, (name) => stage.tableOf(name, began));
}

function dateOf(stage: Stage): number {
  stage.answers += 1;
  const now = stage.time.now();
  const wrong = stage.faults.now('date', now, (fault) => stage.answers % fault.nth === 0);
  const step = stage.scenario.service.dateStep;
  return Math.floor((now + (wrong ? wrong.off * 1000 : 0)) / step) * step;
}

function cellOf(value: Value | undefined, type: string): Cell {
  if (type === 'datetime' && typeof value === 'number') return new Date(value).toISOString();
  return (value ?? null) as Cell;
}

function failing(
  code: 'SOURCE_NETWORK' | 'SOURCE_AUTH' | 'SOURCE_SERVER' | 'SOURCE_RESPONSE_INVALID',
  message: string,
) {
  return new HuntwireError(code, message, { retryable: true });
}

function timeout(): HuntwireError {
  return new HuntwireError('SOURCE_TIMEOUT', 'the query took too long', { retryable: true });
}

function throttled(retryAfter: number | null): HuntwireError {
  const wait = retryAfter === null ? {} : { retryAfterMs: retryAfter * 1000 };
  return new HuntwireError('SOURCE_THROTTLED', 'too many requests', { retryable: true, ...wait });
}

function withTime(error: HuntwireError, serviceTime: number | null): HuntwireError {
  const { code, message, retryable, retryAfterMs, unanswered } = error;
  return new HuntwireError(code, message, {
    retryable,
    serviceTime,
    unanswered,
    ...(retryAfterMs !== null && { retryAfterMs }),
  });
}
