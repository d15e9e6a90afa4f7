import type { Alert } from '../alerts/alert.ts';
import type { RedactionSettings } from '../alerts/redaction.ts';
import type { Clock } from '../lib/clock.ts';
import { MINUTE_MS } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { QuotaMeter } from '../sources/quota/quota-meter.ts';
import type { Source } from '../sources/source.ts';
import type { Way } from '../state/detour-store.ts';
import type { Journal } from '../state/journal.ts';
import type { SilenceReader } from '../state/silence-store.ts';
import type { Store } from '../state/store.ts';
import type { ArrivalBook } from './arrivals/arrival-book.ts';
import type { ServiceClock } from './clock/service-clock.ts';
import type { WindowSettings } from './windows.ts';

/** One Microsoft tenant as runs see it. */
export interface Tenant {
  readonly name: string;
  readonly source: Source;
  readonly meter: QuotaMeter;
  readonly serviceClock: ServiceClock;
  /** As they are now: the same array until others have taken their place. */
  readonly rules: readonly RunnableRule[];
  /** What is known of how rows of its tables arrive; left out: nothing, and nobody looks. */
  readonly arrivals?: ArrivalBook;
  /** Tells each time that others have, and gives how to end that; left out: they stay. */
  readonly listenToRules?: (listener: () => void) => () => void;
}

/** What a run needs beside its tenant. */
export interface RunDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: WindowSettings;
  /** Which ways an alert of a rule goes. */
  readonly waysOf: (rule: RunnableRule, alert: Alert) => readonly Way[];
  readonly healthTargets: readonly string[];
  /** Which ways health alerts go; left out: to all of `healthTargets`. */
  readonly routeHealth?: (alert: Alert) => readonly Way[];
  /** What is silent at the moment; left out: nothing ever is. */
  readonly silences?: SilenceReader;
  /** Names of all targets there are. Left out: whatever is named is one. */
  readonly targetNames?: ReadonlySet<string>;
  /** What alerts do not show beside what rules say; left out: nothing, and rules rehearse. */
  readonly redaction?: RedactionSettings | undefined;
  readonly newRunId: () => string;
  /** Told after every commit with messages, so that deliveries start at once. */
  readonly committed: () => void;
  /** Told of every run that was committed; left out: nobody asks. */
  readonly journal?: Journal;
  /** Told at every look at the clocks, so that someone notices when these end, and when they are meant to; left out: nobody asks. */
  readonly beat?: (part: string, isOver?: boolean) => void;
  /** The longest sleep between two looks at the clocks, ms: they may be set, and the machine may sleep. A minute where left out. */
  readonly longestSleepMs?: number;
}

export function longestSleep({ longestSleepMs = MINUTE_MS }: Pick<RunDeps, 'longestSleepMs'>): number {
  return longestSleepMs;
}
