import { childOf, itemsOf, type KqlNode } from '../ast.ts';
import { nameText } from '../prepare/nodes.ts';
import type { NoteFinder, NoteReading } from './note.ts';

const NUMBERS = ['int', 'long', 'real', 'decimal'];

export const joinKeyTypesNote: NoteFinder = {
  check: 'join-key-types',
  kinds: ['JoinOnClause'],
  look: (node, reading) =>
    itemsOf(node, 'Expressions').flatMap((key) => {
      const types = key.kind === 'EqualExpression' ? typesOf(key) : typesOfName(key, node, reading);
      if (!types || !areApart(types)) return [];
      const message = `The join compares a ${types[0]} with a ${types[1]}: nothing is equal, or the service refuses it.`;
      return [
        {
          start: key.start,
          end: key.end,
          message,
          hint: 'Convert one side before the join, with tostring() or tolong().',
        },
      ];
    }),
};

type Types = readonly [string, string];

function typesOf(key: KqlNode): Types | null {
  const [left, right] = [childOf(key, 'Left')?.type, childOf(key, 'Right')?.type];
  return left && right ? [left, right] : null;
}

/** A bare name stands for the columns of that name on both sides. */
function typesOfName(key: KqlNode, clause: KqlNode, { parentOf }: NoteReading): Types | null {
  const join = parentOf(clause);
  const pipe = join && parentOf(join);
  const name = nameText(key);
  const left = pipe && columnType(childOf(pipe, 'Expression'), name);
  const right = join && columnType(childOf(join, 'Expression'), name);
  return left && right ? [left, right] : null;
}

function columnType(node: KqlNode | null, name: string): string | null {
  return node?.columns?.find((column) => column.name === name)?.type ?? null;
}

function areApart([left, right]: Types): boolean {
  return (left === 'string' && NUMBERS.includes(right)) || (right === 'string' && NUMBERS.includes(left));
}
