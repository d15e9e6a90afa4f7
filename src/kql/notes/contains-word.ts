import { childOf } from '../ast.ts';
import type { NoteFinder } from './note.ts';

const OPERATORS: Readonly<Record<string, string>> = {
  contains: 'has',
  '!contains': '!has',
  contains_cs: 'has_cs',
  '!contains_cs': '!has_cs',
};

/** The index knows words of at least so many characters. */
const INDEXED = /[A-Za-z0-9]{4,}/;
/** Where no word goes on beyond the text, finding it and finding it as words is the same. */
const CLOSED = /^[^\p{L}\p{N}_][\s\S]*[^\p{L}\p{N}_]$/u;

export const containsWordNote: NoteFinder = {
  check: 'contains-word',
  kinds: ['ContainsExpression', 'NotContainsExpression', 'ContainsCsExpression', 'NotContainsCsExpression'],
  look: (node) => {
    const operator = childOf(node, 'Operator');
    const literal = childOf(node, 'Right');
    const text = literal?.kind === 'StringLiteralExpression' ? (literal.value ?? '') : '';
    const faster = OPERATORS[operator?.text.toLowerCase() ?? ''];
    if (!operator || !faster || !CLOSED.test(text) || !INDEXED.test(text)) return [];
    const message = `"${operator.text}" reads every row to its end; this text begins and ends between words, so "${faster}" finds the same by the index.`;
    return [{ start: operator.start, end: operator.end, message, hint: `Write "${faster}".` }];
  },
};
