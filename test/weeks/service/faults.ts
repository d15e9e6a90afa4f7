import type { Fault, Scenario } from '../scenario.ts';

type Kind = Fault['kind'];
type Of<K extends Kind> = Extract<Fault, { readonly kind: K }>;
type Spanned = Exclude<Extract<Fault, { readonly from: number; readonly to: number }>, { readonly kind: 'backfill' }>;

/** The faults of a week, by true time in epoch ms. */
export interface Faults {
  all<K extends Kind>(kind: K): readonly Of<K>[];
  /** The one that holds now, or null. */
  now<K extends Spanned['kind']>(kind: K, at: number, fits?: (fault: Of<K>) => boolean): Of<K> | null;
}

export function createFaults(scenario: Scenario): Faults {
  const start = Date.parse(scenario.start);
  const byKind = new Map<Kind, Fault[]>();
  for (const fault of scenario.faults) byKind.set(fault.kind, [...(byKind.get(fault.kind) ?? []), fault]);
  const all = <K extends Kind>(kind: K): readonly Of<K>[] => (byKind.get(kind) ?? []) as unknown as readonly Of<K>[];
  return {
    all,
    now: (kind, at, fits = () => true) => {
      const second = (at - start) / 1000;
      return (
        all(kind).find((fault) => {
          const { from, to } = fault as unknown as Spanned;
          return from <= second && second < to && fits(fault);
        }) ?? null
      );
    },
  };
}
