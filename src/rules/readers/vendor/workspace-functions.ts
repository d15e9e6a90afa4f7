import { queryCode } from '../../query-code.ts';

/** Parsers of Sentinel's information model, under all their names: `_Im_Dns`, `_ASim_Dns`, `imDns`, `ASimDns`. */
const PARSER = /(?<![\w.])(?:_Im_\w+|_ASim_\w+|ASim[A-Z]\w*|im[A-Z]\w+|vim[A-Z]\w+)(?=\s*\()/g;

/**
 * The functions of a workspace that a query reads events from. Sentinel puts the period around them as around tables, so they get it as
 * their own.
 */
export function workspaceFunctions(query: string): readonly string[] {
  const code = queryCode(query);
  const names = [...code.matchAll(PARSER)].map(([name]) => name);
  return [...new Set(names)].filter((name) => !new RegExp(`\\blet\\s+${name}\\s*=`).test(code));
}
