import { kqlTokens } from '../../kql/tokens.ts';
import type { Place } from '../../lib/yaml/parse-yaml.ts';

/** A query with a name that other queries call: a function of a Sentinel workspace, or a saved one of advanced hunting. */
export interface SavedFunction {
  readonly name: string;
  readonly file: string;
  /** As they stand behind `let name =`: `(account: string, days: long = 7)`. */
  readonly parameters: string;
  readonly body: string;
  /** Where it begins in its file. */
  readonly head: Place;
  /** Where an offset of the body stands in the file. */
  place(offset: number): Place;
}

/** Where the code of a body ends: behind it may stand semicolons and comments, which a body in braces must not have or need not. */
export function bodyEnd(text: string): number {
  return kqlTokens(text).findLast(({ text: mark }) => mark !== ';')?.end ?? 0;
}

export const FUNCTION_NAME = /^[A-Za-z_]\w{0,127}$/;
