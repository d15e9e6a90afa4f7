import type { Fault } from '../scenario.ts';

export function beginOf(fault: Fault): number {
  return fault.kind !== 'backfill' && 'from' in fault ? fault.from : fault.at;
}

/** When faults begin and end. */
export function edgesOf(faults: readonly Fault[]): readonly number[] {
  return faults.flatMap((fault) => {
    if (fault.kind === 'suspend') return [fault.at, fault.at + fault.length];
    if (fault.kind === 'kill' || fault.kind === 'restart') return [fault.at, fault.at + fault.down];
    if (fault.kind === 'backfill') return [fault.at];
    return 'to' in fault ? [fault.from, fault.to] : [fault.at];
  });
}
