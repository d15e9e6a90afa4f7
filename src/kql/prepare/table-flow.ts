import type { KqlColumn, KqlNode } from '../ast.ts';
import { columnsOfTable, hasDevices, timeColumnOf } from '../defender.ts';
import { entityRows } from './entity-rows.ts';
import { type EventRole, type Flow, type KeyPart, mapLookups, mapSome, type NextId, NO_LOOKUP } from './flow.ts';
import type { TableUse } from './table-uses.ts';

const MAIL_ROLES: Readonly<Record<string, EventRole>> = {
  NetworkMessageId: 'message',
  RecipientEmailAddress: 'recipient',
};
const DEVICE_ROLES: Readonly<Record<string, EventRole>> = { DeviceId: 'deviceId', DeviceName: 'deviceName' };

function rolesOf(table: string): ReadonlyMap<string, EventRole> {
  const roles = new Map<string, EventRole>([['ReportId', 'report']]);
  const time = timeColumnOf(table) ?? 'Timestamp';
  roles.set(time, 'time');
  for (const [name, role] of Object.entries(hasDevices(table) ? DEVICE_ROLES : MAIL_ROLES)) roles.set(name, role);
  return roles;
}

function eventPart(table: string, columns: readonly KqlColumn[]): KeyPart {
  const ids = new Map<EventRole, number>();
  const native = new Set<EventRole>();
  const roles = rolesOf(table);
  for (const { name } of columnsOfTable(table) ?? []) {
    const role = roles.get(name);
    if (role) native.add(role);
  }
  for (const column of columns) {
    const role = roles.get(column.name);
    if (role) ids.set(role, column.id);
  }
  return { kind: 'event', ids, native };
}

/** The rows of a table as one leg. `isContext` says that its new rows make no hit. */
export function tableLeg(use: TableUse, node: KqlNode, isContext: boolean): UnionLeg {
  const columns = use.expanded ? schemaColumns(use.table) : (node.columns ?? []);
  const reason = isContext ? `${use.table} is only looked up: its rows are not new events` : null;
  const key = [eventPart(use.table, columns)];
  const entity = isContext ? entityRows(use.table, columns) : null;
  const changing = isContext ? columns.map(({ id }) => id) : [];
  return { columns, flow: { ...NO_LOOKUP, entity, changing, drivers: [use], setReason: reason, sorted: false, key } };
}

/** Columns of a table that the binder has no list of, because a wildcard names it; the ids are good within one leg only. */
function schemaColumns(table: string): readonly KqlColumn[] {
  return (columnsOfTable(table) ?? []).map((column, index) => ({ ...column, id: -1 - index }));
}

/** Several flows as one; columns meet by name, as in a union. `output` is the columns of the union. */
export function unionFlow(legs: readonly UnionLeg[], output: readonly KqlColumn[]): Flow {
  const flows = legs.map((leg) => leg.flow);
  return {
    drivers: flows.flatMap((flow) => flow.drivers),
    setReason: flows.find((flow) => flow.setReason !== null)?.setReason ?? null,
    ...NO_LOOKUP,
    fans: legs.flatMap((leg) => mapLookups(leg.flow, byName(leg.columns, output)).fans),
    newest: legs.flatMap((leg) => mapSome(leg.flow.newest, byName(leg.columns, output))),
    changing: changingIn(legs, output),
    sorted: false,
    key: unionKey(legs, output),
  };
}

export interface UnionLeg {
  readonly flow: Flow;
  readonly columns: readonly KqlColumn[];
}

/** A column changes where it does in all legs that have it. */
function changingIn(legs: readonly UnionLeg[], output: readonly KqlColumn[]): readonly number[] {
  const changing = new Set(legs.flatMap((leg) => mapSome(leg.flow.changing, byName(leg.columns, output))));
  const steady = legs.flatMap(({ flow, columns }) => {
    const own = columns.map(({ id }) => id).filter((id) => !flow.changing.includes(id));
    return mapSome(own, byName(columns, output));
  });
  return [...changing].filter((id) => !steady.includes(id));
}

function byName(columns: readonly KqlColumn[], output: readonly KqlColumn[]): NextId {
  const names = new Map(columns.map((column) => [column.id, column.name]));
  return (id) => output.find((column) => column.name === names.get(id))?.id;
}

function unionKey(legs: readonly UnionLeg[], output: readonly KqlColumn[]): readonly KeyPart[] | null {
  const parts = legs.map((leg) => (leg.flow.key?.length === 1 ? leg.flow.key[0] : undefined));
  const events = parts.filter((part) => part?.kind === 'event');
  if (events.length === legs.length) return [unionEvents(legs, events, output)];
  const lists = parts.filter((part) => part?.kind === 'by');
  if (lists.length !== legs.length) return null;
  const names = legs.map((leg, index) => namesOf(leg.columns, lists[index]?.ids ?? []));
  const common = names[0]?.filter((name) => names.every((list) => list.includes(name))) ?? [];
  return [{ kind: 'by', ids: idsOf(output, common) }];
}

type EventPart = Extract<KeyPart, { kind: 'event' }>;

function unionEvents(legs: readonly UnionLeg[], events: readonly EventPart[], output: readonly KqlColumn[]): KeyPart {
  const native = new Set(events.flatMap((part) => [...part.native]));
  const ids = new Map<EventRole, number>();
  for (const role of new Set(events.flatMap((part) => [...part.ids.keys()]))) {
    const columns = events.flatMap((part, index) => columnOfRole(part, role, legs[index]?.columns ?? []));
    const [first] = columns;
    const same = columns.every((column) => column?.name === first?.name && column?.type === first?.type);
    const id = first && same ? idsOf(output, [first.name])[0] : undefined;
    if (id !== undefined) ids.set(role, id);
  }
  return { kind: 'event', ids, native };
}

/** The column of a role in one leg; null where the leg has lost it, nothing where its table has none. */
function columnOfRole(part: EventPart, role: EventRole, columns: readonly KqlColumn[]): readonly (KqlColumn | null)[] {
  const id = part.ids.get(role);
  if (id !== undefined) return [columns.find((column) => column.id === id) ?? null];
  return part.native.has(role) || role === 'time' || role === 'report' ? [null] : [];
}

function namesOf(columns: readonly KqlColumn[], ids: readonly number[]): readonly string[] {
  return columns.filter((column) => ids.includes(column.id)).map((column) => column.name);
}

function idsOf(columns: readonly KqlColumn[], names: readonly string[]): readonly number[] {
  return columns.filter((column) => names.includes(column.name)).map((column) => column.id);
}
