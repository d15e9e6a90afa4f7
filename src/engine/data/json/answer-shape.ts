import { BYTE, Malformed, skipColon, skipComma, skipSpace, skipText, skipValue } from './scan-value.ts';

/** Members of an answer that hold its rows, or its tables; in lower case. */
export const ROW_LISTS: ReadonlySet<string> = new Set(['results', 'rows', 'records', 'value', 'tables']);
/** Members that an answer may have. */
export const ANSWER_MEMBERS: ReadonlySet<string> = new Set([
  ...ROW_LISTS,
  ...['schema', 'stats', 'columns', 'name', 'frametype', 'tableid', 'tablekind', 'tablename', 'truncated', 'source'],
  ...['elapsedms', '@odata.context', '@odata.type', '@odata.count', '@odata.nextlink', 'statistics', 'render', 'error'],
]);
/** Of these, the ones that no row has beside an empty list. */
const DESCRIBES: ReadonlySet<string> = new Set(['schema', 'columns', 'stats', 'statistics', '@odata.context']);

/** A member's name and where its value begins. */
export interface MemberPlace {
  /** In lower case: the APIs differ in it. */
  readonly name: string;
  readonly exact: string;
  readonly value: number;
}

/** The member at an offset; null where the bytes end within its name. */
export function memberAt(bytes: Buffer, at: number): MemberPlace | null {
  if (bytes[at] !== BYTE.quote) throw new Malformed(at, 'there is no name where one should be');
  const end = skipText(bytes, at + 1);
  const value = end < 0 ? -1 : skipColon(bytes, end);
  if (value < 0) return null;
  const exact = bytes.toString('latin1', at + 1, end - 1);
  return { name: exact.toLowerCase(), exact, value };
}

/**
 * Whether an object is an answer around rows: nothing but an answer's members, or its columns described, and a list of objects or lists among
 * them. A frame of Kusto's second version always is. Null where the bytes end before any of that is known; where they end behind the beginning
 * of the list, it is one.
 */
export function isAnswer(bytes: Buffer, start: number): boolean | null {
  const seen: Seen = { rows: false, empty: false, described: false };
  let at = skipSpace(bytes, start + 1);
  while (at >= 0 && at < bytes.length) {
    if (bytes[at] === BYTE.closeObject) return seen.rows || (seen.empty && seen.described);
    const member = memberAt(bytes, at);
    if (!member) break;
    if (member.name === 'frametype') return true;
    if (!isOfAnswer(member)) return seen.rows && seen.described;
    at = behind(bytes, member, seen);
  }
  return seen.rows || null;
}

/** Where the next member begins, once this one has been looked at; -1 where the bytes end. */
function behind(bytes: Buffer, member: MemberPlace, seen: Seen): number {
  const end = look(bytes, member, seen) ? skipValue(bytes, member.value) : -1;
  return end < 0 ? -1 : skipComma(bytes, end);
}

/** The beginning of a row, up to behind its first name, where that is none of an answer; else empty. Whatever begins so is no answer. */
export function rowHead(bytes: Buffer, start: number): Buffer {
  const at = skipSpace(bytes, start + 1);
  const member = bytes[at] === BYTE.quote ? memberAt(bytes, at) : null;
  const tells = member !== null && member.name !== 'frametype' && !isOfAnswer(member);
  return Buffer.from(bytes.subarray(start, tells ? skipText(bytes, at + 1) : start));
}

/** Frames of Kusto begin with their type. */
export function isFrame(bytes: Buffer, start: number): boolean {
  return memberAt(bytes, skipSpace(bytes, start + 1))?.name === 'frametype';
}

interface Seen {
  rows: boolean;
  empty: boolean;
  /** Whether it has what an answer has beside its rows. */
  described: boolean;
}

function isOfAnswer({ name, exact }: MemberPlace): boolean {
  return ANSWER_MEMBERS.has(name) && (name !== 'value' || exact === 'value');
}

/** Notes what a member says; false where the bytes end before that is known. */
function look(bytes: Buffer, { name, value }: MemberPlace, seen: Seen): boolean {
  if (!ROW_LISTS.has(name)) {
    seen.described ||= DESCRIBES.has(name);
    return true;
  }
  if (bytes[value] !== BYTE.openList) return true;
  const first = bytes[skipSpace(bytes, value + 1)];
  seen.rows ||= first === BYTE.openObject || first === BYTE.openList;
  seen.empty ||= first === BYTE.closeList;
  return first !== undefined;
}
