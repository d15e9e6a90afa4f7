import type { DiskCall } from './trace.ts';

/** What life.mjs says once a call has returned. */
export type Mark =
  | { readonly did: 'open' | 'close' }
  | {
      readonly did: 'commit' | 'commitHealth';
      readonly run?: string;
      readonly alerts: readonly string[];
      readonly messages: readonly string[];
    }
  | { readonly did: 'delivered' | 'retryLater' | 'bury' | 'replay'; readonly ids: readonly number[] }
  | { readonly did: 'setTargetState'; readonly target: string; readonly blocked: boolean }
  | { readonly did: 'line'; readonly message: string };

export interface PlacedMark {
  /** The call that wrote it. */
  readonly at: number;
  readonly mark: Mark;
}

export function marksOf(calls: readonly DiskCall[], path: string): readonly PlacedMark[] {
  return calls.flatMap((call, at) =>
    call.kind === 'write' && call.path === path ? [{ at, mark: JSON.parse(call.data.toString()) as Mark }] : [],
  );
}
