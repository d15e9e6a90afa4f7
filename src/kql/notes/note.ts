import type { KqlNode, KqlTree } from '../ast.ts';
import type { QueryNote } from '../prepared.ts';

/** What a finder of notes may ask for. */
export interface NoteReading {
  readonly tree: KqlTree;
  /** Of a node inside the text of the query; null for its root. */
  parentOf(node: KqlNode): KqlNode | null;
  /** By the id of a column that comes unchanged from a table: the table's name. */
  tableOf(columnId: number): string | null;
}

export type Said = Omit<QueryNote, 'check'>;

/** Looks for one habit in the query that costs or misleads, without being wrong. Pure; asked for each node of its kinds. */
export interface NoteFinder {
  /** The check of lint that tells it. */
  readonly check: string;
  readonly kinds: readonly string[];
  look(node: KqlNode, reading: NoteReading): readonly Said[];
}
