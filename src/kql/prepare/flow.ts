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
  | {
      readonly kind: 'by';
      readonly ids: readonly number[];
      /** Times that the rows are grouped by, too, and that are no part of the key. Left out: none. */
      readonly bins?: readonly number[];
    };

/** One cause of several rows, with the columns by which they differ. */
export interface Fan {
  /** Columns that tell them apart all together; null where none are known to. */
  readonly key: readonly number[] | null;
  /** Columns, but times, that may differ: what was expanded or looked up, and what is made of it alone. */
  readonly columns: readonly number[];
  /** Columns that are made of it and of something else that changes. */
  readonly changing: readonly number[];
}

export interface EntityRows {
  /** Columns that name the entity. */
  readonly ids: readonly number[];
  /** How its table calls such columns. */
  readonly names: readonly string[];
  readonly time: number | null;
}

/** What is true of rows that nothing else is known of. */
export const NO_LOOKUP = { fans: [], unique: null, entity: null, newest: [], changing: [] } as const;

/** What is known of the rows of a tabular expression. */
export interface Flow {
  /** Tables whose rows these are. */
  readonly drivers: readonly TableUse[];
  /** Why not every row comes from one driving row; null for a stream. */
  readonly setReason: string | null;
  /** What makes several rows of one driving row; empty where nothing does. */
  readonly fans: readonly Fan[];
  /** Columns that together no two rows share; null where that is not known. */
  readonly unique: readonly number[] | null;
  /** Rows of an entity table that is only looked up; null: other rows. */
  readonly entity: EntityRows | null;
  /** Times of entity rows that were joined, each the newest of several to come. */
  readonly newest: readonly number[];
  /** Columns that may hold something else when the row comes again: looked up, or made of what was or of the time of the run. */
  readonly changing: readonly number[];
  /** Whether the rows have an order, so that cutting them off means something. */
  readonly sorted: boolean;
  /** Together they tell rows apart; null where nothing does. */
  readonly key: readonly KeyPart[] | null;
}

/** Rows that come from no table, or that nothing is known of. */
export function setFlow(reason: string, key: readonly KeyPart[] | null = null): Flow {
  return { ...NO_LOOKUP, drivers: [], setReason: reason, sorted: false, key };
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
    const mapped = (ids: readonly number[]): readonly number[] => ids.map(next).filter((id) => id !== undefined);
    return { kind: 'by', ids: mapped(part.ids), ...(part.bins && { bins: mapped(part.bins) }) };
  }
  const ids = new Map<EventRole, number>();
  for (const [role, id] of part.ids) {
    const mapped = next(id);
    if (mapped !== undefined) ids.set(role, mapped);
  }
  return { ...part, ids };
}

/** Finds the id under which a column goes on, or nothing where it does not. */
export type NextId = (id: number) => number | undefined;

/** Keeps what reaches the output of `node`, under its new id where it is only renamed there. */
export function reaching(node: KqlNode, renamed: ReadonlyMap<number, number> = new Map()): NextId {
  const output = new Set(node.columns?.map((column) => column.id));
  return (id) => [id, renamed.get(id)].find((one) => one !== undefined && output.has(one));
}

export function throughColumns(
  key: readonly KeyPart[] | null,
  node: KqlNode,
  renamed: ReadonlyMap<number, number> = new Map(),
): readonly KeyPart[] | null {
  return mapKey(key, reaching(node, renamed));
}

/** All ids under their next names, or null where one of them is gone. */
export function mapAll(ids: readonly number[] | null, next: NextId): readonly number[] | null {
  const mapped = ids?.map(next).filter((id) => id !== undefined) ?? [];
  return ids && mapped.length === ids.length ? mapped : null;
}

/** Those that are left, under their next names. */
export function mapSome(ids: readonly number[], next: NextId): readonly number[] {
  return ids.map(next).filter((id) => id !== undefined);
}

/** What a flow tells of what was looked up. */
export type Lookups = Pick<Flow, 'fans' | 'unique' | 'entity' | 'newest' | 'changing'>;

/** What is known of looked-up rows, with every column id replaced. */
export function mapLookups(flow: Flow, next: NextId): Lookups {
  const { entity } = flow;
  return {
    fans: flow.fans.map((fan) => ({
      key: mapAll(fan.key, next),
      columns: mapSome(fan.columns, next),
      changing: mapSome(fan.changing, next),
    })),
    unique: mapAll(flow.unique, next),
    entity: entity && {
      ids: mapSome(entity.ids, next),
      names: entity.names,
      time: entity.time === null ? null : (next(entity.time) ?? null),
    },
    newest: mapSome(flow.newest, next),
    changing: mapSome(flow.changing, next),
  };
}
