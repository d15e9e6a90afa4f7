import { childOf } from '../ast.ts';
import { parameterText } from '../prepare/nodes.ts';
import type { NoteFinder } from './note.ts';

export const joinKindNote: NoteFinder = {
  check: 'join-kind-missing',
  kinds: ['JoinOperator'],
  look: (node) => {
    const keyword = childOf(node, 'JoinKeyword');
    if (!keyword || parameterText(node, /^kind$/i) !== '') return [];
    const message =
      'Without a kind, join is "innerunique": of all left rows with one key a single one is joined, whichever comes first.';
    return [
      {
        start: keyword.start,
        end: keyword.end,
        message,
        hint: 'Write "join kind=inner", or kind=innerunique where that is meant.',
      },
    ];
  },
};
