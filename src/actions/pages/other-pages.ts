import type { AuditEntry } from '../../state/audit-store.ts';
import type { MachinesSeen } from '../../state/machine.ts';
import type { DeadLetter, DeadLetterHead } from '../../state/outbox-store.ts';
import type { RunnerRecord } from '../../state/runner-record.ts';
import {
  type MaintenanceRow,
  maintenanceRows,
  type SilenceRow,
  serviceTime,
  silenceRows,
} from '../silences/silence-rows.ts';
import type { PageDeps } from './page-deps.ts';
import type { TargetsSeen } from './places.ts';
import type { TargetLook } from './target-look.ts';

export interface LettersPage {
  /** Newest first. */
  readonly heads: readonly DeadLetterHead[];
  /** For the next, older page; null: there is none. */
  readonly before: number | null;
}

export interface TargetsPage extends TargetsSeen {
  /** The latest alerts that no target took, newest first. */
  readonly failures: readonly DeadLetterHead[];
}

export interface SilencesPage {
  readonly silences: readonly SilenceRow[];
  readonly maintenance: readonly MaintenanceRow[];
}

export interface MachinesPage {
  readonly runner: RunnerRecord | null;
  /** null: the state is a file, and nobody stands by. */
  readonly seen: MachinesSeen | null;
}

export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** For the next, older page; null: there is none. */
  readonly before: number | null;
}

const LETTERS_A_PAGE = 50;
const AUDIT_A_PAGE = 100;
const MOST_FAILURES = 10;

export async function lettersPage(
  { store }: PageDeps,
  { target, reason }: { readonly target: string | null; readonly reason?: string },
  before: number | null,
): Promise<LettersPage> {
  const page = { before, limit: LETTERS_A_PAGE + 1 };
  const found = await store.deadLetterHeads({ target, ids: null, page, ...(reason !== undefined && { reason }) });
  const heads = found.slice(0, LETTERS_A_PAGE);
  return { heads, before: found.length > LETTERS_A_PAGE ? (heads.at(-1)?.id ?? null) : null };
}

export async function targetsPage({ store }: PageDeps, look: TargetLook): Promise<TargetsPage> {
  const page = { before: null, limit: MOST_FAILURES };
  const failures = await store.deadLetterHeads({ target: null, ids: null, page });
  return { targets: await look.targets(), failures };
}

/** null: there is none of this number. */
export async function letterPage({ store }: PageDeps, id: number): Promise<DeadLetter | null> {
  return (await store.deadLetters({ target: null, ids: [id] }))[0] ?? null;
}

export async function silencesPage({ store, config, clock }: PageDeps): Promise<SilencesPage> {
  const now = await serviceTime(clock, config, store);
  return {
    silences: await silenceRows(config, store, now),
    maintenance: await maintenanceRows(config, store, now),
  };
}

export async function machinesPage({ store, machines }: PageDeps): Promise<MachinesPage> {
  return { runner: await store.runner(), seen: await machines() };
}

export async function auditPage(
  { store }: PageDeps,
  filter: { readonly who?: string; readonly action?: string },
  before: number | null,
): Promise<AuditPage> {
  const found = await store.auditPage({ ...filter, before, limit: AUDIT_A_PAGE + 1 });
  const shown = found.slice(0, AUDIT_A_PAGE);
  const more = found.length > AUDIT_A_PAGE ? (shown.at(-1)?.row ?? null) : null;
  return { entries: shown.map(({ entry }) => entry), before: more };
}
