import type { Hover } from 'vscode-languageserver';
import { columnsOfTable } from '../../kql/defender.ts';
import { COLUMN_SENTENCES, FUNCTION_SENTENCES, listedValues, TABLE_SENTENCES } from '../../kql/language/meanings.ts';
import { type QuerySpot, rangeInFile } from '../look/query-spot.ts';
import { tablesNamedIn } from './typed-value.ts';

const FUNCTIONS = ['BuiltInFunction', 'LocalFunction', 'DatabaseFunction', 'QueryOperator'];
/** What the parser finds wrong is told by findings. */
const TOLD = ['Error', 'Warning', 'Suggestion'];

/** What stands at an offset of a query: what the parser calls it, with our sentence. */
export function hoverQuery(spot: QuerySpot, offset: number): Hover | null {
  const word = wordAt(spot.query.text, offset);
  const infos = spot.view.quickInfo(spot.base + offset).filter(({ kind }) => !TOLD.includes(kind));
  const first = infos[0] ?? operatorAt(spot, word);
  if (!first || word === null) return null;
  const sentence = sentenceOf(spot, first.kind, word.text);
  const range = rangeInFile(spot, { start: spot.base + word.start, end: spot.base + word.end });
  const code = `\`\`\`kusto\n${first.text.slice(0, MOST_SHOWN)}\n\`\`\``;
  return {
    contents: { kind: 'markdown', value: sentence === null ? code : `${code}\n${sentence}` },
    ...(range && { range }),
  };
}

const MOST_SHOWN = 4000;

const OPERATOR = 'QueryOperator';

/** The parser colors operators of the pipe and says nothing of them. */
function operatorAt(
  { view, base }: QuerySpot,
  word: Word | null,
): { readonly kind: string; readonly text: string } | null {
  if (word === null || FUNCTION_SENTENCES[word.text] === undefined) return null;
  const at = base + word.start;
  const isOne = view.classify().some(({ kind, start, end }) => kind === OPERATOR && start <= at && at < end);
  return isOne ? { kind: OPERATOR, text: word.text } : null;
}

function sentenceOf({ known, query }: QuerySpot, kind: string, word: string): string | null {
  if (FUNCTIONS.includes(kind)) return FUNCTION_SENTENCES[word] ?? null;
  if (kind === 'Table') {
    const columns = columnsOfTable(word)?.map(({ name, type }) => `\`${name}\` ${type}`) ?? [];
    return [TABLE_SENTENCES[word] ?? '', columns.join(', ')].filter(Boolean).join('\n\n') || null;
  }
  if (kind !== 'Column') return null;
  const values = listedValues(word, known?.tables ?? tablesNamedIn(query.text));
  const told = values.length > 0 ? `Among its values: ${values.slice(0, 40).join(', ')}.` : '';
  return [COLUMN_SENTENCES[word] ?? '', told].filter(Boolean).join('\n\n') || null;
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function wordAt(text: string, offset: number): Word | null {
  const before = /[\w-]*$/.exec(text.slice(Math.max(0, offset - 200), offset))?.[0] ?? '';
  const after = /^[\w-]*/.exec(text.slice(offset, offset + 200))?.[0] ?? '';
  const start = offset - before.length;
  return before + after === '' ? null : { text: before + after, start, end: offset + after.length };
}
