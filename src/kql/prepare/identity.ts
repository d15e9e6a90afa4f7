import type { KqlColumn } from '../ast.ts';
import type { IdentityPlan, Shape } from '../prepared.ts';
import type { EventRole, Flow, KeyPart } from './flow.ts';

/** How a result row is known to be the same row again. `columns` is the result's, null where unknown. */
export function planIdentity(flow: Flow, shape: Shape, columns: readonly KqlColumn[] | null): IdentityPlan {
  if (shape === 'snapshot') return plan('none', []);
  const output = columns ?? [];
  return shape === 'stream' ? streamIdentity(flow, output) : setIdentity(flow, output);
}

function plan(kind: IdentityPlan['kind'], columns: readonly string[]): IdentityPlan {
  return Object.freeze({ kind, columns: Object.freeze([...columns]) });
}

function streamIdentity(flow: Flow, output: readonly KqlColumn[]): IdentityPlan {
  const [part] = flow.key ?? [];
  const names = part?.kind === 'event' ? eventColumns(part, output) : null;
  if (!names) return plan('row', []);
  const fanOut = namesOf(
    flow.fans.flatMap(({ key, columns }) => key ?? columns),
    output,
  ).filter((name) => !names.includes(name));
  const newest = namesOf(flow.newest, output);
  return Object.freeze({
    ...plan('event', names),
    ...(fanOut.length > 0 && { fanOut: Object.freeze(fanOut) }),
    ...(newest.length > 0 && { newest: Object.freeze(newest) }),
  });
}

function setIdentity(flow: Flow, output: readonly KqlColumn[]): IdentityPlan {
  const parts = flow.key?.map((part) => (part.kind === 'by' ? namesOf(part.ids, output) : eventColumns(part, output)));
  if (!parts || parts.length === 0) return plan('none', []);
  if (parts.some((names) => names === null || names.length === 0)) return plan('none', []);
  return plan('columns', [...new Set(parts.flatMap((names) => names ?? []))]);
}

function namesOf(ids: readonly number[], output: readonly KqlColumn[]): readonly string[] {
  return output.filter((column) => ids.includes(column.id)).map((column) => column.name);
}

type EventPart = Extract<KeyPart, { kind: 'event' }>;

/** Time, device (by id, else by name) and report; without devices, the message and recipient where the result has them. */
function eventColumns(part: EventPart, output: readonly KqlColumn[]): readonly string[] | null {
  const nameOf = (role: EventRole) => output.find((column) => column.id === part.ids.get(role))?.name ?? null;
  const hasDevice = part.native.has('deviceId') || part.native.has('deviceName');
  const device = hasDevice ? [nameOf('deviceId') ?? nameOf('deviceName')] : [];
  const needed = [nameOf('time'), ...device, nameOf('report')];
  if (needed.includes(null)) return null;
  const optional = hasDevice ? [] : [nameOf('message'), nameOf('recipient')];
  return [...needed, ...optional].filter((name) => name !== null);
}
