import type { Clock } from '../../lib/clock.ts';
import { DAY_MS, HOUR_MS } from '../../lib/duration.ts';
import type { ApiName, MeteredCall, QuotaStore } from '../source.ts';
import { callsSince } from './periods.ts';
import {
  addOwn,
  dropOwn,
  KNOWN_TO_MS,
  noSharedCalls,
  type SharedCalls,
  takeShared,
  youngBefore,
} from './shared-calls.ts';

/**
 * The calls of all processes on one state, those of this one that are in flight aside. In memory they stand in monotonic time, so that no
 * clock that is set moves a period; the store has the service's time.
 */
export interface CallRecord {
  load(): Promise<void>;
  /** All of the last day, oldest first, `more` among them. Of others' calls that may still change, only those with numbers below `before`. */
  calls(more?: readonly MeteredCall[], before?: number): readonly MeteredCall[];
  /** Records a call that begins, before it goes; gives its number. */
  begin(expectedMs: number): Promise<number>;
  /** Takes in what other processes have recorded; tells whether there is any. */
  readOthers(): Promise<boolean>;
  end(number: Promise<number>, call: MeteredCall): Promise<void>;
  /** The call was not made. */
  cancel(number: number): Promise<void>;
}

export interface CallRecordOptions {
  readonly tenant: string;
  readonly api: ApiName;
  readonly store: QuotaStore;
  readonly clock: Clock;
  readonly serviceNow: () => number | null;
}

interface Recording {
  readonly options: CallRecordOptions;
  settled: readonly MeteredCall[];
  /** What was counted before a restart, until the service's clock can tell how long ago that was. */
  stored: readonly MeteredCall[];
  readonly shared: SharedCalls;
}

export function createCallRecord(options: CallRecordOptions): CallRecord {
  const { tenant, api, store, clock, serviceNow } = options;
  const recording: Recording = { options, settled: [], stored: [], shared: noSharedCalls() };
  const { shared } = recording;
  return {
    load: async () => {
      const stored = await store.callsAfter(tenant, api, 0);
      recording.stored = stored;
      shared.upTo = stored.at(-1)?.number ?? 0;
    },
    calls: (more = [], before = Number.POSITIVE_INFINITY) => callsOf(recording, more, before),
    begin: async (expectedMs) => {
      const number = await store.beginCall(tenant, api, { at: serviceNow() ?? clock.now(), runMs: expectedMs });
      addOwn(shared, number);
      return number;
    },
    readOthers: () => readOthers(recording),
    end: async (number, call) => {
      recording.settled = withCall(recording.settled, call, clock.monotonic());
      await store.endCall(await number, call.runMs);
    },
    cancel: async (number) => {
      await store.cancelCall(number);
      dropOwn(shared, number);
    },
  };
}

function callsOf(recording: Recording, more: readonly MeteredCall[], before: number): readonly MeteredCall[] {
  placeStored(recording);
  const open = [...more, ...youngBefore(recording.shared, before)];
  return open.length === 0 ? recording.settled : joined(recording.settled, open);
}

/**
 * Gives stored calls their place in monotonic time, as late as they may have been. One from ahead of the service's clock counts as made
 * now: sooner too slow than too fast.
 */
function placeStored(recording: Recording): void {
  const { clock, serviceNow } = recording.options;
  const service = serviceNow();
  if (service === null || recording.stored.length === 0) return;
  const now = clock.monotonic();
  const placed = recording.stored.map(({ at, runMs }) => ({
    at: now - Math.max(0, service - at - KNOWN_TO_MS),
    runMs,
  }));
  recording.stored = [];
  recording.settled = inOrder([...placed, ...recording.settled]);
}

async function readOthers(recording: Recording): Promise<boolean> {
  const { tenant, api, store, clock, serviceNow } = recording.options;
  const { shared } = recording;
  const rows = await store.callsAfter(tenant, api, shared.upTo);
  const settled = takeShared(shared, rows, { now: clock.monotonic(), service: serviceNow() });
  if (settled.length > 0) recording.settled = joined(recording.settled, settled);
  return shared.young.size + settled.length > 0;
}

const PRUNE_MS = HOUR_MS;

/** Mostly the call is the latest; those of before the last day are dropped once an hour. */
function withCall(calls: readonly MeteredCall[], call: MeteredCall, now: number): readonly MeteredCall[] {
  const [first = call] = calls;
  const recent = first.at < now - DAY_MS - PRUNE_MS ? callsSince(calls, now - DAY_MS) : calls;
  return joined(recent, [call]);
}

/** `more` are among the latest: what lies before them stands as it is. */
function joined(calls: readonly MeteredCall[], more: readonly MeteredCall[]): readonly MeteredCall[] {
  const tail = callsSince(calls, Math.min(...more.map(({ at }) => at)));
  return [...calls.slice(0, calls.length - tail.length), ...inOrder([...tail, ...more])];
}

function inOrder(calls: readonly MeteredCall[]): readonly MeteredCall[] {
  return [...calls].sort((a, b) => a.at - b.at);
}
