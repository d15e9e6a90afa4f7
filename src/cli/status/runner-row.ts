import { createHash } from 'node:crypto';
import type { Machine } from '../../state/machine.ts';
import type { LoadedRule, RunnerRecord } from '../../state/runner-record.ts';
import { isRunnerOn, machinesOn, type StatePlace } from '../../state/state-place.ts';
import type { LastRunnerRow, MachineRow, ReloadRow, RunnerRow, StandbyRow, StatusDocument } from './status-document.ts';

/** The runner as its lock and its own words tell. */
export interface RunnerSeen {
  readonly state: StatusDocument['runnerState'];
  readonly record: RunnerRecord | null;
  /** What the runner that is alive has loaded, by tenant and rule; null where none is alive or it has not said. */
  readonly loaded: ReadonlyMap<string, LoadedRule> | null;
}

export async function lookForRunner(place: StatePlace, record: RunnerRecord | null): Promise<RunnerSeen> {
  const state = await aliveness(place);
  const speaks = state === 'alive' && record !== null && record.endedAt === null;
  const loaded = speaks ? new Map(record.rules.map((rule) => [ruleKey(rule.tenant, rule.ruleId), rule])) : null;
  return { state, record, loaded };
}

async function aliveness(place: StatePlace): Promise<RunnerSeen['state']> {
  try {
    return (await isRunnerOn(place)) ? 'alive' : 'none';
  } catch {
    return 'unknown';
  }
}

export async function standbyRow(place: StatePlace): Promise<StandbyRow | null> {
  const seen = await machinesOn(place).catch(() => null);
  if (!seen) return null;
  const machines = seen.machines.filter(({ runs }) => !runs).map(machineRow);
  const sharing = seen.machines.filter(({ leases }) => leases.length > 0);
  return { machines, sharing: sharing.map(sharingRow), takeovers: seen.takeovers };
}

function machineRow({ pid, machine, version, verb, startedAt }: Machine): MachineRow {
  return { pid, machine, version, verb, startedAt: iso(startedAt) };
}

function sharingRow(machine: Machine): StandbyRow['sharing'][number] {
  const leases = machine.leases.map(({ takenAt, ...lease }) => ({ ...lease, since: iso(takenAt) }));
  return { ...machineRow(machine), leases };
}

export function ruleKey(tenant: string, rule: string): string {
  return `${tenant}\n${rule}`;
}

const NOT_SAID: RunnerRow = {
  pid: null,
  machine: null,
  version: null,
  startedAt: null,
  verb: null,
  rules: null,
  rulesHash: null,
};

export function runnerRow({ state, record, loaded }: RunnerSeen): RunnerRow | null {
  if (state !== 'alive') return null;
  return loaded && record ? rowOf(record) : NOT_SAID;
}

export function reloadRow({ loaded, record }: RunnerSeen): ReloadRow | null {
  return loaded && record?.reload ? { ...record.reload, at: iso(record.reload.at) } : null;
}

export function lastRunnerRow({ record }: RunnerSeen): LastRunnerRow | null {
  return record && { ...rowOf(record), endedAt: record.endedAt === null ? null : iso(record.endedAt) };
}

function rowOf({ pid, machine, version, startedAt, verb, rules }: RunnerRecord): RunnerRow {
  const running = rules.filter(({ refused }) => refused === undefined).length;
  return { pid, machine, version, startedAt: iso(startedAt), verb, rules: running, rulesHash: hashOf(rules) };
}

/** One hash over all rules, in any order. */
function hashOf(rules: readonly LoadedRule[]): string {
  const lines = rules.map(({ tenant, ruleId, wholeHash }) => `${tenant}\n${ruleId}\n${wholeHash}`);
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
