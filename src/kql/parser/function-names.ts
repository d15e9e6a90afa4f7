import { type Foreign, foreignList, foreignText, member } from './foreign.ts';

let names: readonly string[] | null = null;

/** Names of the functions and aggregates of the language, but those of the parser's own; none before the parser is loaded. */
export function functionNames(): readonly string[] {
  const { Kusto: kusto } = globalThis as { Kusto?: { readonly Language: Foreign } };
  if (!kusto) return [];
  names ??= ['Functions', 'Aggregates'].flatMap((kind) => namesOf(member(kusto.Language, kind)));
  return names;
}

function namesOf(kind: Foreign): readonly string[] {
  return foreignList(member(kind, 'All'))
    .map((one) => foreignText(member(one, 'Name')))
    .filter((name) => name !== '' && !name.startsWith('__'));
}
