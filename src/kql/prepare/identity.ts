import type { KqlColumn } from '../ast.ts';
import type { IdentityPlan, Shape } from '../prepared.ts';
import type { EventRole, Fan, Flow, KeyPart } from './flow.ts';

/** How a result row is known to be the same row again. `columns` is the result's, null where unknown. */
export function planIdentity(flow: Flow, shape: Shape, columns: readonly KqlColumn[] | null): IdentityPlan {
  if (shape === 'snapshot') return plan('none', []);
  const output = columns ?? [];
  const identity = shape === 'stream' ? streamIdentity(flow, output) : setIdentity(flow, output);
  const times = output.filter(({ type }) => type === 'datetime');
  return withLists(identity, { otherTimes: namesOf(flow.changing, times) });
}

/** With the lists that have something in them. */
function withLists(identity: IdentityPlan, lists: Partial<IdentityPlan>): IdentityPlan {
  const filled = Object.entries(lists).filter(([, list]) => Array.isArray(list) && list.length > 0);
  const frozen = filled.map(([name, list]) => [name, Object.freeze(list)]);
  return Object.freeze({ ...identity, ...Object.fromEntries(frozen) });
}

function plan(kind: IdentityPlan['kind'], columns: readonly string[]): IdentityPlan {
  return Object.freeze({ kind, columns: Object.freeze([...columns]) });
}

function streamIdentity(flow: Flow, output: readonly KqlColumn[]): IdentityPlan {
  const [part] = flow.key ?? [];
  const names = part?.kind === 'event' ? eventColumns(part, output) : null;
  const { fanOut, aside, loose } = toldApart(flow, output);
  if (names) {
    const newest = namesOf(flow.newest, output);
    return withLists(plan('event', names), {
      fanOut: fanOut.filter((name) => !names.includes(name)),
      newest,
      changing: aside,
      loose,
    });
  }
  const time = part?.kind === 'event' ? nameOfRole(part, 'time', output) : null;
  if (time === null) return withLists(plan('row', []), { loose: [...loose, ...aside] });
  return withLists({ ...plan('row', []), time }, { changing: aside, loose });
}

interface Apart {
  /** Columns that tell the rows of one event apart. */
  readonly fanOut: readonly string[];
  /** Columns that may change and tell nothing apart. */
  readonly aside: readonly string[];
  /** Columns that may change, and that nothing better was found for. */
  readonly loose: readonly string[];
}

function toldApart(flow: Flow, output: readonly KqlColumn[]): Apart {
  const changing = namesOf(flow.changing, output);
  const fans = flow.fans.map((fan) => fanColumns(fan, output));
  const fanOut = [...new Set(fans.flatMap(({ columns }) => columns))];
  const unsure = new Set(fans.flatMap(({ isSure, columns }) => (isSure ? [] : columns)));
  return {
    fanOut,
    aside: changing.filter((name) => !fanOut.includes(name)),
    loose: changing.filter((name) => unsure.has(name)),
  };
}

/** The columns by which the rows of one cause differ: those that are known to, else all that are left, the steady ones first. */
function fanColumns(
  { key, columns, changing }: Fan,
  output: readonly KqlColumn[],
): { readonly isSure: boolean; readonly columns: readonly string[] } {
  if (key) return { isSure: true, columns: namesOf(key, output) };
  const steady = namesOf(columns, output);
  return { isSure: false, columns: steady.length > 0 ? steady : namesOf(changing, output) };
}

function setIdentity(flow: Flow, output: readonly KqlColumn[]): IdentityPlan {
  const parts = flow.key?.map((part) => (part.kind === 'by' ? namesOf(part.ids, output) : eventColumns(part, output)));
  if (!parts || parts.length === 0) return plan('none', []);
  if (parts.some((names) => names === null || names.length === 0)) return plan('none', []);
  const bins = flow.key?.flatMap((part) => (part.kind === 'by' && part.bins ? namesOf(part.bins, output) : []));
  return withLists(plan('columns', [...new Set(parts.flatMap((names) => names ?? []))]), { bins: bins ?? [] });
}

function namesOf(ids: readonly number[], output: readonly KqlColumn[]): readonly string[] {
  return output.filter((column) => ids.includes(column.id)).map((column) => column.name);
}

function nameOfRole(part: EventPart, role: EventRole, output: readonly KqlColumn[]): string | null {
  return output.find((column) => column.id === part.ids.get(role))?.name ?? null;
}

type EventPart = Extract<KeyPart, { kind: 'event' }>;

/** Time, device (by id, else by name) and report; without devices, the message and recipient where the result has them. */
function eventColumns(part: EventPart, output: readonly KqlColumn[]): readonly string[] | null {
  const nameOf = (role: EventRole) => nameOfRole(part, role, output);
  const hasDevice = part.native.has('deviceId') || part.native.has('deviceName');
  const device = hasDevice ? [nameOf('deviceId') ?? nameOf('deviceName')] : [];
  const needed = [nameOf('time'), ...device, nameOf('report')];
  if (needed.includes(null)) return null;
  const optional = hasDevice ? [] : [nameOf('message'), nameOf('recipient')];
  return [...needed, ...optional].filter((name) => name !== null);
}
