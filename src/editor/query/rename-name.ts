import type { Range, TextEdit } from 'vscode-languageserver';
import { queryView } from '../../kql/language/query-view.ts';
import { kqlTokens } from '../../kql/tokens.ts';
import { type QuerySpot, rangeInFile } from '../look/query-spot.ts';
import type { Renaming } from '../question.ts';

interface NamedLet {
  readonly name: string;
  /** Of its declaration and its uses, in order. */
  readonly spans: readonly { readonly start: number; readonly end: number }[];
  readonly here: { readonly start: number; readonly end: number };
}

/** Where a name that can be renamed stands under the cursor; null: it is none that a `let` of the query declares. */
export function renameRange(spot: QuerySpot, offset: number): Range | null {
  const named = namedLet(spot, offset);
  return named && rangeInFile(spot, named.here);
}

/** Renames what a `let` declares, everywhere in the query. */
export async function renameName(spot: QuerySpot, offset: number, newName: string): Promise<Renaming> {
  const named = namedLet(spot, offset);
  if (named === null) return refuse('Only names that a "let" of the query declares are renamed.');
  if (!/^[A-Za-z_]\w*$/.test(newName))
    return refuse(`"${newName}" is no name of KQL: letters, digits and underscores.`);
  if (kqlTokens(spot.query.text).some(({ kind, text }) => kind === 'word' && text === newName))
    return refuse(`"${newName}" stands in the query already.`);
  const edits = named.spans.flatMap((span): readonly TextEdit[] => {
    const range = rangeInFile(spot, span);
    return range ? [{ range, newText: newName }] : [];
  });
  return (await staysBound(spot, named, newName))
    ? { edits, refused: null }
    : refuse(`"${newName}" means something else here.`);
}

function refuse(refused: string): Renaming {
  return { edits: null, refused };
}

function namedLet(spot: QuerySpot, offset: number): NamedLet | null {
  const { view, base, query } = spot;
  const at = base + offset;
  const spans = view
    .related(at)
    .filter(({ kind, start }) => start >= base && (kind === 'Declaration' || kind === 'Reference'));
  const declared = spans.find(({ kind }) => kind === 'Declaration');
  const here = spans.find(({ start, end }) => start <= at && at <= end);
  if (!declared || !here || !/\blet\s+$/.test(query.text.slice(0, declared.start - base))) return null;
  const name = query.text.slice(declared.start - base, declared.end - base);
  const isNamed = spans.every(({ start, end }) => query.text.slice(start - base, end - base) === name);
  return isNamed ? { name, spans: [...spans].sort((a, b) => a.start - b.start), here } : null;
}

/** Whether the new name names the same places. */
async function staysBound({ query, base, known }: QuerySpot, { spans }: NamedLet, newName: string): Promise<boolean> {
  const prelude = known?.prelude ?? '';
  const text = [...spans].reduceRight(
    (made, { start, end }) => made.slice(0, start - base) + newName + made.slice(end - base),
    query.text,
  );
  const view = await queryView({ text: prelude + text, params: known?.params ?? {} });
  const [first] = spans;
  return view !== null && first !== undefined && view.related(first.start).length === spans.length;
}
