import { childOf, itemsOf, walk } from '../ast.ts';
import type { NoteFinder } from './note.ts';

export const unboundedSearchNote: NoteFinder = {
  check: 'search-unbounded',
  kinds: ['UnionOperator', 'SearchOperator', 'FindOperator'],
  look: (node, { tree }) => {
    const isOpen =
      node.kind === 'UnionOperator'
        ? itemsOf(node, 'Expressions').some((leg) => tree.text.slice(leg.start, leg.end).trim() === '*')
        : node.role !== 'Operator' && !childOf(node, 'InClause');
    if (!isOpen) return [];
    const keyword = [...walk(node)].find((part) => part.text !== '') ?? node;
    const message = `"${keyword.text}" over every table reads all that the tenant has, and grows with each table that Microsoft adds.`;
    return [
      {
        start: keyword.start,
        end: keyword.end,
        message,
        hint: 'Name the tables: union DeviceEvents, DeviceProcessEvents.',
      },
    ];
  },
};
