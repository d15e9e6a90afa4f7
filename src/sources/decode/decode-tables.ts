import type { MemberRole } from './answer-form.ts';
import { type DecodeState, type Decoding, invalid } from './decode-state.ts';

/** What the member holds whose name was just read: columns and rows of tables that are no result are only told. */
export function memberRole({ answer, table, name }: Decoding): MemberRole {
  const role = answer.roleOf(name, table !== null);
  if (table === null || (role !== 'schema' && role !== 'results')) return role;
  return answer.isResult(table) ? role : 'told';
}

/** A list of columns, rows or tables begins; of each there is one in its place. */
export function noteArray(decoding: Decoding): void {
  const { member, table, told, name } = decoding;
  const place = table ?? told;
  if (Object.hasOwn(place, name)) throw invalid(`it has ${member} twice`);
  place[name] = true;
  if (member === 'schema' && decoding.hasSchema) throw invalid('it has schema twice');
  if (member === 'results') decoding.hasResults = true;
}

/** A member that holds no columns or rows of the result has been read. */
export function tellMember(decoding: Decoding, value: unknown): void {
  const { member, table, told, name } = decoding;
  if (member === 'error') throw decoding.answer.rowError(value);
  if (member === 'told') (table ?? told)[name] = value;
}

export function beginTable(decoding: Decoding): true {
  decoding.table = Object.create(null) as Record<string, unknown>;
  decoding.state = 'first-member';
  return true;
}

/** The last member of a table, or of the answer, has been read: what comes now. */
export function endMembers(decoding: Decoding): DecodeState {
  const { table } = decoding;
  if (table === null) return 'end';
  decoding.answer.tableEnds(table);
  decoding.table = null;
  return 'after-table';
}

/** The last table has been read. The list is the answer itself, or a member of it. */
export function endTables({ told }: Decoding): DecodeState {
  return Object.hasOwn(told, 'tables') ? 'after-value' : 'end';
}
