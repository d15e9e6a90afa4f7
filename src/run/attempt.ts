import type { Collected } from '../alerts/hit.ts';
import { createHitCollector, type HitCollector } from '../alerts/hits.ts';
import { type RenderedQuery, renderQuery } from '../kql/render.ts';
import type { Column } from '../kql/types.ts';
import type { Window } from '../kql/window.ts';
import { type HuntwireError, toHuntwireError } from '../lib/errors.ts';
import { type Asked, type Asking, ask } from './ask.ts';
import { placeError } from './error-place.ts';
import type { RunInput } from './run-rule.ts';
import type { RunDeps } from './tenant.ts';

/** What came of asking. */
export type Attempt =
  | {
      readonly kind: 'answered';
      readonly asked: Asked;
      readonly columns: readonly Column[];
      readonly collected: Collected;
      readonly calls: number;
    }
  | { readonly kind: 'failed'; readonly error: HuntwireError; readonly calls: number };

/** Asks for the planned window and collects its rows into hits. Rejects only when the work was stopped. */
export async function attemptWindow(input: RunInput, deps: RunDeps): Promise<Attempt> {
  const collecting = startCollecting(input);
  const counter = { calls: 0 };
  try {
    const asked = await ask(askingOf(input, deps, collecting, counter));
    const complete = !asked.cutShort && asked.missing.length === 0;
    return {
      kind: 'answered',
      asked,
      columns: collecting.columns(),
      collected: collecting.collector().finish({ complete }),
      calls: counter.calls,
    };
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (error.code === 'ABORTED' || input.signal.aborted) throw error;
    return { kind: 'failed', error: placed(input, deps, error), calls: counter.calls };
  }
}

interface Collecting {
  begin(): void;
  schema(columns: readonly Column[]): void;
  columns(): readonly Column[];
  collector(): HitCollector;
}

/** The collector is made when the schema comes; later slices of the same run bring the same schema and go into the same one. */
function startCollecting(input: RunInput): Collecting {
  let columns: readonly Column[] = [];
  let collector: HitCollector | null = null;
  const make = (): HitCollector => createHitCollector(input.rule, { columns, logicalTime: input.planned.logicalTime });
  return {
    begin: () => {
      collector = null;
    },
    schema: (own) => {
      if (collector) return;
      columns = own;
      collector = make();
    },
    columns: () => columns,
    collector: () => {
      collector ??= make();
      return collector;
    },
  };
}

function askingOf(input: RunInput, deps: RunDeps, collecting: Collecting, counter: { calls: number }): Asking {
  const { rule, tenant, planned } = input;
  const stream = rule.effectiveShape === 'stream';
  return {
    ruleId: rule.id,
    source: tenant.source,
    window: planned.asked,
    render: (slice: Window | null) => rendered(input, deps, slice).text,
    taker: { begin: collecting.begin, schema: collecting.schema, row: (row) => collecting.collector().add(row) },
    divisible: stream,
    sliceMs: stream ? input.reconciled.coverage.sliceMs : null,
    settings: deps.settings,
    admit: input.admit,
    called: async ({ at, runMs, end, error }) => {
      counter.calls += 1;
      if (end?.serviceTime) tenant.serviceClock.observe(end.serviceTime);
      await tenant.meter.record({ at, runMs });
      if (error?.code === 'SOURCE_THROTTLED')
        await tenant.meter.pause(deps.clock.now() + (error.retryAfterMs ?? 60_000));
    },
    monotonic: deps.clock.monotonic,
    signal: input.signal,
  };
}

const QUERY_ERRORS: ReadonlySet<string> = new Set([
  'SOURCE_QUERY_INVALID',
  'SOURCE_TABLE_MISSING',
  'KQL_SYNTAX',
  'KQL_UNSUPPORTED',
  'KQL_FAILED',
]);

/** Every slice has the same lines, so the whole window's text tells the place. */
function placed(input: RunInput, deps: RunDeps, error: HuntwireError): HuntwireError {
  if (!QUERY_ERRORS.has(error.code)) return error;
  return placeError(input.rule, rendered(input, deps, input.planned.asked), error, input.tenant.source.api !== 'local');
}

function rendered(input: RunInput, deps: RunDeps, window: Window | null): RenderedQuery {
  const { rule, planned } = input;
  const at = { logicalTime: planned.logicalTime, window, latenessMs: deps.settings.latenessMs, params: rule.params };
  return renderQuery(rule.prepared, at);
}
