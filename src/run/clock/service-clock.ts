import type { Clock } from '../../lib/clock.ts';
import { agreedOffset, type ClockSample, CONTRADICTION_MS, SAMPLE_GAP_MS } from './agreement.ts';
import { type ClockEras, createClockEras } from './clock-eras.ts';

/**
 * The service's clock: what answers told of it, carried on by monotonic time; ours may be wrong at any moment. It never goes back but
 * where it is set anew.
 */
export interface ServiceClock {
  /** Epoch ms; null while nobody knows it. */
  now(): number | null;
  /** An answer told this time (epoch ms) just now. */
  observe(serviceTime: number): void;
  /** Somebody knows it: it is this much (epoch ms). */
  set(serviceTime: number): void;
  /** Something speaks against it: it goes on, and should be asked for. */
  doubt(): void;
  /** Known, and nothing speaks against it. */
  isSure(): boolean;
  /** Whether any answer has told a time yet. */
  hasHeard(): boolean;
  /** In how many ms an answer counts as a sample of its own. */
  sampleInMs(): number;
  /** Our wall clock minus the service's, in ms; null while that is not known. */
  skewMs(): number | null;
  /** How often it has been set; what was planned by an earlier one is to be planned anew. */
  settings(): number;
  /** What it has gone by so far. */
  readonly eras: ClockEras;
  /** Calls `listener` whenever it is set or doubted; gives what ends that. */
  listen(listener: () => void): () => void;
}

interface Reading {
  readonly clock: Clock;
  readonly storedSkewMs: number;
  readonly listeners: Set<() => void>;
  readonly eras: ClockEras;
  /** Service's epoch ms less monotonic ms; null: not known. */
  offset: number | null;
  /** What it was set to: answers that lead away from it by small steps contradict it, too. */
  setOffset: number;
  /** Answers since it was last sure. */
  samples: readonly ClockSample[];
  doubtful: boolean;
  settings: number;
  /** The latest time that was told to anybody. */
  told: number;
}

/** So many samples that agree set it. */
const AGREEING = 3;

/** `storedSkewMs`: our clock minus the service's as it was known last. */
export function createServiceClock(
  clock: Clock,
  storedSkewMs = 0,
  eras: ClockEras = createClockEras(clock),
): ServiceClock {
  const reading: Reading = {
    clock,
    storedSkewMs,
    listeners: new Set(),
    eras,
    offset: null,
    setOffset: 0,
    samples: [],
    doubtful: true,
    settings: 0,
    told: Number.NEGATIVE_INFINITY,
  };
  return {
    now: () => nowOf(reading),
    observe: (serviceTime) => observe(reading, serviceTime),
    set: (serviceTime) => setTo(reading, serviceTime - clock.monotonic()),
    doubt: () => doubt(reading),
    isSure: () => !reading.doubtful,
    hasHeard: () => reading.offset !== null || reading.samples.length > 0,
    sampleInMs: () => Math.max(0, SAMPLE_GAP_MS - sinceLastSample(reading)),
    skewMs: () => (reading.offset === null ? null : clock.now() - clock.monotonic() - reading.offset),
    settings: () => reading.settings,
    eras,
    listen: (listener) => {
      reading.listeners.add(listener);
      return () => void reading.listeners.delete(listener);
    },
  };
}

function nowOf(reading: Reading): number | null {
  if (reading.offset === null) return null;
  reading.told = Math.max(reading.told, Math.round(reading.offset + reading.clock.monotonic()));
  return reading.told;
}

function observe(reading: Reading, serviceTime: number): void {
  const at = reading.clock.monotonic();
  const sample = { offset: serviceTime - at, at };
  if (reading.offset === null) {
    observeFirst(reading, sample);
    return;
  }
  if (Math.abs(sample.offset - reading.setOffset) <= CONTRADICTION_MS) reading.offset = sample.offset;
  else if (!reading.doubtful) doubt(reading);
  if (reading.doubtful) collect(reading, sample);
}

/** The very first answer is believed where our own clock bears it out; any later one needs others. */
function observeFirst(reading: Reading, sample: ClockSample): void {
  const { clock, storedSkewMs } = reading;
  const ours = clock.now() - storedSkewMs - clock.monotonic();
  const isFirst = reading.samples.length === 0;
  if (isFirst && Math.abs(sample.offset - ours) <= CONTRADICTION_MS) setTo(reading, sample.offset);
  else collect(reading, sample);
}

function collect(reading: Reading, sample: ClockSample): void {
  if (sinceLastSample(reading) < SAMPLE_GAP_MS) return;
  reading.samples = [...reading.samples, sample].slice(-AGREEING);
  const agreed = agreedOffset(reading.samples, AGREEING);
  if (agreed !== null) setTo(reading, agreed);
}

function sinceLastSample({ samples, clock }: Reading): number {
  return clock.monotonic() - (samples.at(-1)?.at ?? Number.NEGATIVE_INFINITY);
}

/** What agrees with what is known confirms it; nothing was planned by another clock then. */
function setTo(reading: Reading, offset: number): void {
  const confirms = reading.offset !== null && Math.abs(offset - reading.setOffset) <= CONTRADICTION_MS;
  if (!confirms) {
    reading.settings += 1;
    reading.setOffset = offset;
    reading.eras.note(offset + reading.clock.monotonic());
    reading.told = Number.NEGATIVE_INFINITY;
  }
  reading.offset = offset;
  reading.samples = [];
  reading.doubtful = false;
  tellListeners(reading);
}

function doubt(reading: Reading): void {
  if (reading.offset === null || reading.doubtful) return;
  reading.samples = [];
  reading.doubtful = true;
  tellListeners(reading);
}

function tellListeners({ listeners }: Reading): void {
  for (const listener of listeners) listener();
}
