import type { TargetState } from '../state/outbox-store.ts';

/** Who is told of a target's alerts, too, once it has taken none for so long. */
export interface Fallback {
  readonly target: string;
  readonly afterMs: number;
}

/** Whether a target has taken nothing for so long that another stands in for it. `now` is outbox time. */
export function isDown({ downSince }: Pick<TargetState, 'downSince'>, { afterMs }: Fallback, now: number): boolean {
  return downSince !== null && now - downSince >= afterMs;
}
