import { noteCall } from '../calls/note-call.ts';
import type { Desk } from '../desk/desk.ts';
import { createGate } from '../desk/gate.ts';
import type { NextTurn } from '../desk/ready-turns.ts';
import { closeGate, workTurn } from '../desk/work-turn.ts';
import type { Turn } from '../turn.ts';
import { openPack, type PackMember } from './pack.ts';

/** A turn that goes with others. */
export interface PackRide {
  readonly next: NextTurn<Turn>;
  readonly member: PackMember;
}

/** Starts turns that are asked in the one call that was admitted for the first of them. Each ends by itself. */
export function startPack(
  desk: Desk,
  rides: readonly [PackRide, ...PackRide[]],
  call: number,
): ReadonlyMap<string, Promise<void>> {
  const { tenant, deps } = desk;
  const gate = createGate(desk, rides[0].next, call);
  const pack = openPack({
    members: rides.map(({ member }) => member),
    source: tenant.source,
    sending: {
      source: tenant.source,
      admit: gate.admit,
      called: (ended) => noteCall(tenant, ended),
      monotonic: deps.clock.monotonic,
    },
    memory: desk.packing.memory,
  });
  const works = rides.map(({ next, member }) => {
    const { item: turn } = next.turn;
    const work = workTurn(desk, turn, createGate(desk, next, null), pack.sourceOf(member));
    return [turn.rule.id, work.finally(() => pack.leave(member))] as const;
  });
  void Promise.all(works.map(([, work]) => work)).then(() => closeGate(desk, gate));
  return new Map(works);
}
