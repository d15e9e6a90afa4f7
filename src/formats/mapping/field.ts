import type { Alert, AlertEntity } from '../../alerts/alert.ts';
import type { CefKey } from '../cef-keys.ts';

/** How a value is understood, whatever its column held; see `valueOf` for what each becomes. */
export type ValueKind = 'text' | 'lower' | 'count' | 'port' | 'time' | 'ip' | 'mac' | 'mail';

/** What a value is about. Values of one part describe one thing; a place that two parts could fill is filled by one of them. */
export type Part =
  | 'alert'
  | 'rule'
  | 'host'
  | 'account'
  | 'actor'
  | 'mail'
  | 'file'
  | 'origin'
  | 'process'
  | 'parent'
  | 'source'
  | 'destination'
  | 'url'
  | 'registry'
  | 'app'
  | 'row';

/** A key of CEF's extension, with the label where the standard leaves the key to us; `header` is a field of the header. */
export type CefPlace = CefKey | `${CefKey}:${string}` | 'header';

/** Where each format has a value; null: the format does not send it. */
export interface Places {
  /** A path in the document for what the alert itself says, else in an item of `evidences`. `[]`: a list. */
  readonly ocsf: string | null;
  /** A field of ECS, or one of ours below `huntwire`. `[]`: a list. */
  readonly ecs: string | null;
  /** In rows that tell of a file and not of a process, where that is another field. */
  readonly ecsOfFiles?: string;
  readonly cef: CefPlace | null;
  /** A key of LEEF's attributes; `header` is a field of the header. */
  readonly leef: string | null;
}

/** One line of the mapping: a value, the columns that hold it and the places it goes to. */
export interface Field extends Places {
  readonly part: Part;
  /** The field of the entity that `part` stands for; with `part` the name of the line. */
  readonly name: string;
  readonly kind: ValueKind;
  /** What the alert itself says; else the value comes from entities and rows. */
  readonly read?: (alert: Alert) => unknown;
  /** Columns that mean this in every row; the first with a value wins, these before the ones below. */
  readonly columns?: readonly string[];
  /** In rows that tell of a process; its `InitiatingProcess*` is the parent. */
  readonly process?: readonly string[];
  /** In all other rows; their `InitiatingProcess*` is the process. */
  readonly file?: readonly string[];
  /** Where the remote address is the destination, and where it is the source. */
  readonly outbound?: readonly string[];
  readonly inbound?: readonly string[];
}

/** Entities that are another part by their role. */
const BY_ROLE: Readonly<Record<string, Part>> = {
  'account initiating': 'actor',
  'process parent': 'parent',
  'url origin': 'origin',
  'ip destination': 'destination',
};

/** The part that an entity describes; its fields are the lines of that part. A remote host is the remote end of its connection. */
export function describedPart({ type, role }: AlertEntity, inbound: boolean): Part {
  if (type === 'host' && role === 'remote') return inbound ? 'source' : 'destination';
  return (role !== undefined && BY_ROLE[`${type} ${role}`]) || (type === 'ip' ? 'source' : type);
}
