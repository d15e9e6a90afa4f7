import { queryCode } from '../query-code.ts';
import type { LintCheck } from './check.ts';

const CALL =
  /(?<![\w.])(_Im_\w+|_ASim_\w+|ASim[A-Z]\w*|im(?:Dns|FileEvent|NetworkSession|ProcessCreate|ProcessTerminate|Registry|WebSession|Authentication)\w*|workspace|app|resource)\s*\(/g;

/** Normalizing parsers are functions of a Sentinel workspace; those that the configuration has stand in the query, declared by `let`. */
export const sentinelFunction: LintCheck = {
  id: 'sentinel-function',
  description: 'Functions that only a Sentinel workspace has: ASIM parsers, `workspace()`.',
  why: 'The Defender API does not know them and refuses the query.',
  mend: 'Name the tables that the parser stands for, or the file of the parser in `functions` of the configuration.',
  severity: 'warning',
  analyzed: false,
  refuses: [],
  check: ({ query, map }) => {
    const code = queryCode(query);
    return [...code.matchAll(CALL)]
      .filter(([, name = '']) => !new RegExp(`\\blet\\s+${name}\\b`).test(code))
      .map((match) => ({
        place: map.place(match.index),
        end: map.place(match.index + (match[1]?.length ?? 0)),
        message: `${match[1]}() is a function of a Sentinel workspace, which the Defender API does not have.`,
        suggestion:
          'Name the tables, or the file of the parser in "functions" of the configuration. A source that has it needs a word on how far back it looks: window.tables.',
      }));
  },
};
