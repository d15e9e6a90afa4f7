import type { HealthRow, TargetRow, TenantRow } from '../../actions/places/place-row.ts';
import type { MaintenanceRow, SilenceRow } from '../../actions/silences/silence-rows.ts';
import type { Problem } from '../../lib/errors.ts';
import type { ReloadRecord } from '../../state/runner-record.ts';
import type { RuleStanding } from '../../state/store.ts';

/** How a rule is doing, as far as the state tells. `never-run` and `removed` are no standing: nothing is known of how it does. `refused`: its query cannot run here, and the runner has left it out. */
export type ShownState = RuleStanding | 'disabled' | 'never-run' | 'removed' | 'refused';

/** The document of `status --format json`; times are ISO texts. */
export interface StatusDocument {
  /** The process that holds the runner lock; null where none does, or that cannot be told. */
  readonly runner: RunnerRow | null;
  readonly runnerState: 'alive' | 'none' | 'unknown';
  /** Whoever was the runner last; null where none has worked on the state yet. */
  readonly lastRunner: LastRunnerRow | null;
  /** Of a state in a database; null: nobody can stand by, or it cannot be told. */
  readonly standby: StandbyRow | null;
  /** What came when the runner that is alive read everything again last; null where none is, or it has not. */
  readonly reload: ReloadRow | null;
  readonly rules: readonly RuleRow[];
  /** What keeps rule files from loading. */
  readonly problems: readonly Problem[];
  /** What is left out: files of other products that cannot run here, saved functions and lists that cannot be used. */
  readonly refusals: readonly Problem[];
  readonly tenants: readonly TenantRow[];
  readonly targets: readonly TargetRow[];
  /** Open health conditions. */
  readonly health: readonly HealthRow[];
  /** Alerts of conditions whose end was not told yet. */
  readonly firing: readonly FiringRow[];
  /** Rules of which somebody has taken alerts on, as far as the state still holds these. */
  readonly acknowledgements: readonly AcknowledgementRow[];
  /** Those that hold now or later. */
  readonly silences: readonly SilenceRow[];
  readonly maintenance: readonly MaintenanceRow[];
}

export interface RunnerRow {
  /** null where it has not said yet who it is. */
  readonly pid: number | null;
  readonly machine: string | null;
  readonly version: string | null;
  readonly startedAt: string | null;
  readonly verb: string | null;
  /** How many rules it has loaded, and one hash over all of theirs. */
  readonly rules: number | null;
  readonly rulesHash: string | null;
}

export interface ReloadRow extends Omit<ReloadRecord, 'at'> {
  readonly at: string;
}

export interface LastRunnerRow extends RunnerRow {
  /** null: it was killed or crashed, or still works. */
  readonly endedAt: string | null;
}

export interface RuleRow {
  readonly tenant: string;
  readonly rule: string;
  readonly state: ShownState;
  readonly coveredTo: string | null;
  readonly lagSeconds: number | null;
  readonly nextRunAt: string | null;
  readonly lastRun: Readonly<Record<string, unknown>> | null;
  /** Whether the runner that is alive has loaded the rule as its file is now. */
  readonly loaded: boolean;
  /** The rule's hash, as alerts carry it; null where its file is gone. */
  readonly hash: string | null;
  /** The hash of what the runner has loaded; null where it has loaded none of this name. */
  readonly loadedHash: string | null;
  readonly failingSince: string | null;
  readonly failures: number;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly waiting: RuleWaiting | null;
}

/** Windows that have not been searched yet. */
export interface RuleWaiting {
  readonly windows: number;
  readonly from: string;
  /** Why the oldest that was tried is not done; null where none was tried. */
  readonly reason: string | null;
}

export interface AcknowledgementRow {
  readonly tenant: string;
  readonly rule: string;
  readonly acknowledged: number;
  /** What they turned out to be, as far as somebody said. */
  readonly dispositions: { readonly true: number; readonly false: number; readonly benign: number };
}

export interface FiringRow {
  readonly tenant: string;
  readonly rule: string;
  readonly alertId: string;
  readonly severity: string;
  /** Of its latest message. */
  readonly revision: number;
  readonly rowCount: number;
  readonly since: string;
  readonly toldAt: string;
  /** As of when a run did not find it any more; null: it is there. */
  readonly goneFrom: string | null;
  /** The run that asks as of then, or a later one, resolves it where it stays away; null: it is there, or nobody resolves it. */
  readonly resolvesAt: string | null;
  /** Who has taken it on; null: nobody has said so. */
  readonly acknowledged: { readonly by: string; readonly at: string; readonly disposition?: string } | null;
}

/** A process on a state in a database. */
export interface MachineRow {
  readonly pid: number;
  readonly machine: string;
  readonly version: string;
  readonly verb: string;
  readonly startedAt: string;
}

/** A part of the work that a process has: what is written under an older fence is refused. */
export interface LeaseRow {
  readonly kind: 'tenant' | 'target' | 'chores';
  readonly name: string;
  readonly fence: number;
  readonly since: string;
}

/** Processes that stand by, and those that share the work. */
export interface StandbyRow {
  readonly machines: readonly MachineRow[];
  readonly sharing: readonly (MachineRow & { readonly leases: readonly LeaseRow[] })[];
  /** How often within the last hour one took over from another that had not said that it was over. */
  readonly takeovers: number;
}
