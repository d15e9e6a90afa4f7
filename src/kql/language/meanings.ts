import meanings from '../../../schemas/meanings.json' with { type: 'json' };

type Sentences = Readonly<Record<string, string | undefined>>;

/** Names come from queries: what every object has is none of them. */
const bare = (sentences: Sentences): Sentences => Object.freeze(Object.assign(Object.create(null), sentences));

/** What a row of a table tells, in our words: the schema has names and types alone. */
export const TABLE_SENTENCES: Sentences = bare(meanings.tables);

/** What a column holds, whatever table it is of. */
export const COLUMN_SENTENCES: Sentences = bare(meanings.columns);

/** What functions and operators of KQL do: the parser knows their signatures alone. */
export const FUNCTION_SENTENCES: Sentences = bare(meanings.functions);

/** By column and table the values that are known; `*` stands for tables that are not named. */
const VALUES = new Map<string, ReadonlyMap<string, readonly string[]>>(
  Object.entries(meanings.values).map(([column, byTable]) => [column, new Map(Object.entries(byTable))]),
);

/** What a column of these tables may hold, as far as that is listed; of any table where none is known. */
export function listedValues(column: string, tables: readonly string[]): readonly string[] {
  const byTable = VALUES.get(column) ?? new Map<string, readonly string[]>();
  const asked = tables.length > 0 ? tables : [...byTable.keys()];
  const own = asked.flatMap((table) => byTable.get(table) ?? []);
  return [...new Set(own.length > 0 ? own : (byTable.get('*') ?? []))];
}
