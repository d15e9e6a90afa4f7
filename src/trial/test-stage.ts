import type { ManualClock } from '../lib/clock.ts';
import { silentLog } from '../lib/log.ts';
import type { RunnableRule } from '../rules/rule.ts';
import { ourServiceClock } from '../run/clock/our-service-clock.ts';
import type { RunReport } from '../run/run-rule.ts';
import { timetableOf } from '../run/schedule.ts';
import type { RunDeps, Tenant } from '../run/tenant.ts';
import { takeTurn } from '../run/turn.ts';
import { DEFAULT_WINDOW_SETTINGS, type WindowSettings } from '../run/windows.ts';
import { createQuotaMeter } from '../sources/quota/quota-meter.ts';
import type { Source } from '../sources/source.ts';
import type { SilenceReader } from '../state/silence-store.ts';
import type { Store } from '../state/store.ts';

/** Where the runs of one test take place. */
export interface TestStage {
  readonly source: Source;
  readonly store: Store;
  readonly clock: ManualClock;
  /** Of whom the store knows something; left out: of nobody. */
  readonly tenant?: string;
  /** Left out: nothing is silent. */
  readonly silences?: SilenceReader;
}

/** L is the test's `now`, whatever the rule's schedule: a test's rows have all arrived. */
export const TEST_SETTINGS: WindowSettings = { ...DEFAULT_WINDOW_SETTINGS, delayMs: { ingestion: 0, event: 0 } };

/** One run of the rule as of the stage's clock, which leaves nothing in its store; null where nothing was due. */
export async function rehearse(rule: RunnableRule, stage: TestStage): Promise<RunReport | null> {
  const { source, store, clock, tenant: name = 'test', silences } = stage;
  const enabled: RunnableRule = { ...rule, status: 'enabled' };
  const meter = createQuotaMeter({
    tenant: name,
    api: source.api,
    limits: source.quota,
    store: store.quota,
    clock,
    serviceNow: clock.now,
  });
  const scheduledAt = clock.now();
  const tenant: Tenant = { name, source, meter, serviceClock: ourServiceClock(clock), rules: [] };
  const turn = {
    tenant,
    rule: enabled,
    timetable: timetableOf(rule),
    kind: 'due',
    scheduledAt,
  } as const;
  const options = { admit: async () => clock.now(), signal: new AbortController().signal, dryRun: true };
  return takeTurn(turn, options, { ...runDeps(store, clock), ...(silences && { silences }) });
}

function runDeps(store: Store, clock: ManualClock): RunDeps {
  return {
    store,
    clock,
    log: silentLog,
    settings: TEST_SETTINGS,
    waysOf: () => [{ target: 'test' }],
    healthTargets: [],
    newRunId: () => 'test-run',
    committed: () => undefined,
  };
}
