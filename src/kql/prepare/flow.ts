import type { KqlNode } from '../ast.ts';
import type { TableUse } from './table-uses.ts';

/** The columns that together tell one event from another. */
export type EventRole = 'time' | 'deviceId' | 'deviceName' | 'report' | 'message' | 'recipient';

/** Columns, by the binder's id, that tell rows apart. */
export type KeyPart =
  | {
      readonly kind: 'event';
      /** Columns that still hold what the table gave, by role. */
      readonly ids: ReadonlyMap<EventRole, number>;
      /** The roles that the table has columns for. */
      readonly native: ReadonlySet<EventRole>;
    }
  | { readonly kind: 'by'; readonly ids: readonly number[] };

/** What is known of the rows of a tabular expression. */
export interface Flow {
  /** Tables whose rows these are. */
  readonly drivers: readonly TableUse[];
  /** Why not every row comes from one driving row; null for a stream. */
  readonly setReason: string | null;
  /** Whether one driving row may give several rows. */
  readonly fansOut: boolean;
  /** Whether the rows have an order, so that cutting them off means something. */
  readonly sorted: boolean;
  /** Together they tell rows apart; null where nothing does. */
  readonly key: readonly KeyPart[] | null;
}

/** Rows that come from no table, or that nothing is known of. */
export function setFlow(reason: string, key: readonly KeyPart[] | null = null): Flow {
  return { drivers: [], setReason: reason, fansOut: false, sorted: false, key };
}

/** The same flow as a set; the first reason stays. */
export function asSet(flow: Flow, reason: string): Flow {
  return { ...flow, setReason: flow.setReason ?? reason };
}

/** The key with every column id replaced; ids that `next` does not know are gone. */
export function mapKey(
  key: readonly KeyPart[] | null,
  next: (id: number) => number | undefined,
): readonly KeyPart[] | null {
  return key?.map((part) => mapPart(part, next)) ?? null;
}

function mapPart(part: KeyPart, next: (id: number) => number | undefined): KeyPart {
  if (part.kind === 'by') {
    return { kind: 'by', ids: part.ids.map(next).filter((id) => id !== undefined) };
  }
  const ids = new Map<EventRole, number>();
  for (const [role, id] of part.ids) {
    const mapped = next(id);
    if (mapped !== undefined) ids.set(role, mapped);
  }
  return { ...part, ids };
}

/** Keeps what reaches the output of `node`, under its new id where it is only renamed there. */
export function throughColumns(
  key: readonly KeyPart[] | null,
  node: KqlNode,
  renamed: ReadonlyMap<number, number> = new Map(),
): readonly KeyPart[] | null {
  const output = new Set(node.columns?.map((column) => column.id));
  return mapKey(key, (id) => {
    const candidates = [id, renamed.get(id)];
    return candidates.find((one) => one !== undefined && output.has(one));
  });
}
