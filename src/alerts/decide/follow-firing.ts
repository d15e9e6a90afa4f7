import type { FiringAlert } from '../firing.ts';
import type { Outcome } from './decision.ts';

export interface FollowInput {
  readonly open: readonly FiringAlert[];
  readonly outcomes: readonly Outcome[];
  /** L of the run in epoch ms. */
  readonly logicalTime: number;
  /** Nothing of the run's window is missing: what it did not find is not there. */
  readonly complete: boolean;
  /** As `resolveAfterOf` says. */
  readonly resolveAfterMs: number;
  /** So many ends are told at most; the others wait for the next run. */
  readonly most: number;
}

/** What one run says of the alerts that are firing. */
export interface FollowedFiring {
  /** Over, to be told. */
  readonly ended: readonly FiringAlert[];
  /** Those that go on and of which something is to be remembered. */
  readonly changed: readonly FiringAlert[];
}

/**
 * A hit, whatever became of it, says that its condition holds; a complete run without one that it is gone, as long as no later
 * run has found it. What is not known says neither.
 */
export function followFiring(input: FollowInput): FollowedFiring {
  const held = new Set(input.outcomes.map(({ hit }) => hit.dedupKey));
  const ended: FiringAlert[] = [];
  const changed: FiringAlert[] = [];
  for (const before of input.open) {
    const after = held.has(before.dedupKey) ? asHeld(before, input) : asMissing(before, input);
    if (isOver(after, input) && ended.length < input.most) ended.push(after);
    else if (after !== before) changed.push(after);
  }
  return { ended, changed };
}

function asHeld(alert: FiringAlert, { logicalTime }: FollowInput): FiringAlert {
  if (logicalTime <= alert.heldAt) return alert;
  const { goneFrom } = alert;
  return { ...alert, heldAt: logicalTime, goneFrom: goneFrom !== null && goneFrom > logicalTime ? goneFrom : null };
}

function asMissing(alert: FiringAlert, { logicalTime, complete }: FollowInput): FiringAlert {
  if (!complete || logicalTime <= alert.heldAt) return alert;
  if (alert.goneFrom !== null && alert.goneFrom <= logicalTime) return alert;
  return { ...alert, goneFrom: logicalTime };
}

/** A run that says nothing tells no end either. */
function isOver({ goneFrom, heldAt }: FiringAlert, { logicalTime, complete, resolveAfterMs }: FollowInput): boolean {
  return complete && goneFrom !== null && logicalTime > heldAt && logicalTime - goneFrom >= resolveAfterMs;
}
