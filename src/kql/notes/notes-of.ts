import { type KqlNode, type KqlTree, walk } from '../ast.ts';
import { parentsOf } from '../prepare/nodes.ts';
import type { QueryNote } from '../prepared.ts';
import { caseUnreachedNote } from './case-unreached.ts';
import { compareNeverNote } from './compare-never.ts';
import { containsWordNote } from './contains-word.ts';
import { filterLateNote } from './filter-late.ts';
import { filterMissingNote } from './filter-missing.ts';
import { joinKeyTypesNote } from './join-key-types.ts';
import { joinKindNote } from './join-kind.ts';
import { literalRefusedNote } from './literal-refused.ts';
import { nameCaseNote } from './name-case.ts';
import { newestNeedlessNote } from './newest-needless.ts';
import type { NoteFinder, NoteReading } from './note.ts';
import { plainRegexNote } from './plain-regex.ts';
import { timeUnbinnedNote } from './time-unbinned.ts';
import { unboundedSearchNote } from './unbounded-search.ts';

const FINDERS: readonly NoteFinder[] = [
  caseUnreachedNote,
  compareNeverNote,
  containsWordNote,
  filterLateNote,
  filterMissingNote,
  joinKeyTypesNote,
  joinKindNote,
  literalRefusedNote,
  nameCaseNote,
  newestNeedlessNote,
  plainRegexNote,
  timeUnbinnedNote,
  unboundedSearchNote,
];

const BY_KIND = new Map<string, readonly NoteFinder[]>();
for (const finder of FINDERS) {
  for (const kind of finder.kinds) BY_KIND.set(kind, [...(BY_KIND.get(kind) ?? []), finder]);
}

/** A generated query may have thousands of one kind; nobody reads more. */
const MOST_NOTES = 200;

/** What lint tells of the habits of a query, by place. One walk over the text; bodies of called functions stand in it once. */
export function notesOf(tree: KqlTree): readonly QueryNote[] {
  const notes: QueryNote[] = [];
  const reading = readingOf(tree);
  for (const node of walk(tree.root)) {
    for (const finder of BY_KIND.get(node.kind) ?? []) {
      for (const said of finder.look(node, reading)) notes.push(Object.freeze({ check: finder.check, ...said }));
    }
    if (notes.length >= MOST_NOTES) break;
  }
  return Object.freeze(notes.slice(0, MOST_NOTES).sort((a, b) => a.start - b.start || a.end - b.end));
}

function readingOf(tree: KqlTree): NoteReading {
  let parents: ReadonlyMap<KqlNode, KqlNode> | null = null;
  let tables: ReadonlyMap<number, string> | null = null;
  return {
    tree,
    parentOf: (node) => {
      parents ??= parentsOf(tree.root);
      return parents.get(node) ?? null;
    },
    tableOf: (id) => {
      tables ??= columnsOfTables(tree);
      return tables.get(id) ?? null;
    },
  };
}

function columnsOfTables(tree: KqlTree): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const node of walk(tree.root)) {
    if (node.kind !== 'NameReference' || node.reference?.kind !== 'table') continue;
    for (const { id } of node.columns ?? []) found.set(id, node.reference.name);
  }
  return found;
}
