import { childOf } from '../ast.ts';
import type { NoteFinder } from './note.ts';
import { regexLiteral } from './regex-literals.ts';

const FORM = /^(\(\?i\))?(\^)?(?:\.\*)?((?:[^\\^$.|?*+()[\]{}]|\\[^\p{L}\p{N}])+)(?:\.\*)?(\$)?$/u;

export const plainRegexNote: NoteFinder = {
  check: 'regex-plain',
  kinds: ['MatchesRegexExpression'],
  look: (node) => {
    const operator = childOf(node, 'Operator');
    const literal = regexLiteral(node);
    const [, insensitive, start, text, end] = FORM.exec(literal?.value ?? '') ?? [];
    if (!operator || !literal || text === undefined) return [];
    const instead = operatorFor(start !== undefined, end !== undefined, insensitive !== undefined);
    const plain = text.replaceAll(/\\([\s\S])/g, '$1');
    const message = `This pattern is plain text, and a regular expression reads every row to its end.`;
    const hint = `Write ${instead} ${JSON.stringify(plain)}, or has where whole words are meant: that goes by the index.`;
    return [{ start: operator.start, end: literal.end, message, hint }];
  },
};

function operatorFor(start: boolean, end: boolean, insensitive: boolean): string {
  if (start && end) return insensitive ? '=~' : '==';
  const name = start ? 'startswith' : end ? 'endswith' : 'contains';
  return insensitive ? name : `${name}_cs`;
}
