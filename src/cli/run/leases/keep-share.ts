import { createBell } from '../../../lib/bell.ts';
import type { Clock } from '../../../lib/clock.ts';
import { endsRunner, type HuntwireError, toHuntwireError } from '../../../lib/errors.ts';
import type { Log } from '../../../lib/log.ts';
import { type Lease, type LeaseBook, type LeaseName, leaseKey, type Sharing } from '../../../state/lease.ts';
import { isBehind, planShare } from './plan-share.ts';
import { partsNow } from './plan-targets.ts';

/** How work under a lease ends: with the process, or because another goes on with it. */
export interface WorkSignals {
  readonly stop: AbortSignal;
  readonly handOver: AbortSignal;
}

export interface ShareOptions {
  readonly book: LeaseBook;
  readonly wanted: () => readonly LeaseName[];
  /** What this process runs by, at the moment. */
  readonly hash: () => string;
  /** Whether the work under a lease goes by what is configured at the moment. */
  readonly isCurrent: (name: LeaseName) => boolean;
  /** Goes on until one of the signals; the lease is given back behind it. */
  readonly work: (lease: Lease, signals: WorkSignals) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Ends everything: work has ended although nothing said so. */
  readonly stop: () => void;
}

export interface KeptShare {
  /** Does this process' part of the work until the signal; settles when all of it has ended, and rejects with the first failure. */
  run(): Promise<void>;
  /** Goes by what is configured now; resolves when the work by what was before has ended. */
  follow(): Promise<void>;
}

interface Going {
  readonly lease: Lease;
  readonly handOver: AbortController;
  readonly done: Promise<void>;
}

interface Desk extends ShareOptions {
  readonly going: Map<string, Going>;
  readonly failures: unknown[];
  readonly bell: ReturnType<typeof createBell>;
  told: string | null;
  /** As it was looked at last. */
  seen: Sharing | null;
  behind: boolean;
}

const LOOK_MS = 500;
/** Tenants that are taken behind one look. */
const MOST_AT_ONCE = 10;
/** How often it is tried to give a lease back. */
const GIVE_BACKS = 3;

export function createShare(options: ShareOptions): KeptShare {
  const desk: Desk = {
    ...options,
    going: new Map(),
    failures: [],
    bell: createBell(options.clock),
    told: null,
    seen: null,
    behind: false,
  };
  return { run: () => run(desk), follow: () => follow(desk) };
}

async function run(desk: Desk): Promise<void> {
  const { book, signal, bell, failures } = desk;
  const deaf = book.listen((reason) => reason === 'leases' && bell.ring());
  signal.addEventListener('abort', bell.ring);
  try {
    while (!signal.aborted) {
      await lookOnce(desk).catch((thrown) => afterFault(desk, thrown));
      if (!signal.aborted) await bell.wait(LOOK_MS);
    }
  } catch (thrown) {
    failures.push(thrown);
    desk.stop();
  } finally {
    deaf();
    signal.removeEventListener('abort', bell.ring);
    await Promise.all([...desk.going.values()].map(({ done }) => done));
  }
  if (failures.length > 0) throw failures[0];
}

/** What this process has it keeps, until its session is lost. */
function afterFault({ log }: Desk, thrown: unknown): void {
  const error = toHuntwireError(thrown);
  if (endsRunner(error) || !error.retryable) throw error;
  log.warn('this process could not look at who does what; it tries again', { reason: error.message });
}

async function lookOnce(desk: Desk): Promise<void> {
  const { book, going } = desk;
  await tellHash(desk);
  const seen = await book.look();
  tellBehind(desk, isBehind(seen));
  const mine = [...going.values()].filter(({ handOver }) => !handOver.signal.aborted).map(({ lease }) => lease);
  desk.seen = seen;
  const { take, giveBack } = planShare({ seen, wanted: wantedNow(desk), mine });
  for (const name of giveBack) going.get(leaseKey(name))?.handOver.abort();
  await takeAll(
    desk,
    take.filter((name) => !going.has(leaseKey(name))),
  );
}

/** Where there is more to take, it is taken behind another look: others may have come meanwhile. */
async function takeAll(desk: Desk, names: readonly LeaseName[]): Promise<void> {
  const { book, bell, signal } = desk;
  for (const name of names.filter(({ kind }) => kind !== 'tenant')) {
    const lease = signal.aborted ? null : await book.take(name);
    if (lease) begin(desk, lease);
  }
  const tenants = names.filter(({ kind }) => kind === 'tenant').map(({ name }) => name);
  if (tenants.length === 0 || signal.aborted) return;
  for (const lease of await book.takeTenants(tenants.slice(0, MOST_AT_ONCE))) begin(desk, lease);
  if (tenants.length > MOST_AT_ONCE) bell.ring();
}

function wantedNow({ wanted, seen, hash }: Desk): readonly LeaseName[] {
  return seen === null ? wanted() : partsNow(wanted(), seen, hash());
}

function tellBehind(desk: Desk, behind: boolean): void {
  if (behind && !desk.behind)
    desk.log.warn(
      'another process runs by newer rules, tenants or targets: this one takes nothing new until it has read them',
      {},
    );
  desk.behind = behind;
}

/** Others learn who came only where somebody says so. */
async function tellHash(desk: Desk): Promise<void> {
  const hash = desk.hash();
  if (hash === desk.told) return;
  await desk.book.takePart(hash);
  desk.told = hash;
  desk.book.wake('leases');
}

function begin(desk: Desk, lease: Lease): void {
  const { book, signal, going, failures } = desk;
  const handOver = new AbortController();
  const key = leaseKey(lease);
  const work = async (): Promise<void> => {
    try {
      await desk.work(lease, { stop: signal, handOver: handOver.signal });
    } catch (thrown) {
      failures.push(thrown);
    }
    const failed = await giveBack(desk, lease);
    if (failed) failures.push(failed);
    book.wake('leases');
    going.delete(key);
    desk.bell.ring();
    if (failures.length > 0 || !(signal.aborted || handOver.signal.aborted)) desk.stop();
  };
  going.set(key, { lease, handOver, done: work() });
}

/**
 * Why it could not be given back although this process still has it: it has to end then, as nobody else could do the work. Where the session is
 * lost, or ends with the process, there is nothing to give back.
 */
async function giveBack({ book, clock, signal }: Desk, lease: Lease): Promise<HuntwireError | null> {
  for (let left = GIVE_BACKS - 1; ; left -= 1) {
    const failed = await book.giveBack(lease).then(
      () => null,
      (thrown: unknown) => toHuntwireError(thrown),
    );
    if (failed === null || endsRunner(failed) || signal.aborted) return null;
    if (left === 0 || !failed.retryable) return failed;
    await clock.sleep(LOOK_MS, signal).catch(() => undefined);
  }
}

async function follow(desk: Desk): Promise<void> {
  const wanted = new Set(wantedNow(desk).map(leaseKey));
  const left = [...desk.going.values()].filter(({ lease }) => !wanted.has(leaseKey(lease)) || !desk.isCurrent(lease));
  for (const { handOver } of left) handOver.abort();
  await Promise.all(left.map(({ done }) => done));
  desk.bell.ring();
}
