import type { KqlNode } from '../ast.ts';
import { brokenRegex } from './broken-regex.ts';
import type { NoteFinder, Said } from './note.ts';
import { regexLiteral } from './regex-literals.ts';

/** What a datetime literal may say without a digit. */
const WORDS = ['null', 'min', 'max'];
/** Escaped characters and classes first, so that what stands in them is taken for nothing else. */
const REFUSED = /\\[1-9]|\\k<|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?(?:=|!|<=|<!|>)/g;

export const literalRefusedNote: NoteFinder = {
  check: 'literal-refused',
  kinds: ['DateTimeLiteralExpression', 'MatchesRegexExpression', 'FunctionCallExpression'],
  look: (node) => (node.kind === 'DateTimeLiteralExpression' ? dateFault(node) : regexFault(node)),
};

function dateFault(node: KqlNode): readonly Said[] {
  const text = node.value?.trim().replace(/^(["'])(.*)\1$/, '$2') ?? '';
  if (text === '' || isDate(text)) return [];
  const message = `"${text.slice(0, 40)}" is no date: the service refuses the query, or nothing is ever equal to it.`;
  return [{ start: node.start, end: node.end, message, hint: 'Write a date such as datetime(2026-01-31T08:00:00Z).' }];
}

/** Year, month and day as most write them; what is written in another way is taken for a date where it has a digit. */
const ISO_DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?(?![\d:-])/i;

function isDate(text: string): boolean {
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = ISO_DATE.exec(text) ?? [];
  if (year === undefined) return /\d/.test(text) || WORDS.includes(text.toLowerCase());
  const days = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  const isDay = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days;
  return isDay && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}

function regexFault(node: KqlNode): readonly Said[] {
  const literal = regexLiteral(node);
  if (!literal) return [];
  const pattern = literal.value ?? '';
  const at = { start: literal.start, end: literal.end };
  // Look-around first: to what counts brackets it is a repetition of nothing.
  const found = [...pattern.matchAll(REFUSED)].map(([part]) => part).find(isRefused);
  if (found) {
    const what = found.startsWith('(') ? 'look-around or atomic groups' : 'references to groups';
    const message = `Regular expressions of the service have no ${what} ("${found}"): it refuses the query.`;
    return [{ ...at, message, hint: 'Say it with two conditions, or extract and compare.' }];
  }
  const broken = brokenRegex(pattern);
  if (broken === null) return [];
  const message = `"${pattern.slice(0, 40)}" is no regular expression, ${broken}: the service refuses the query.`;
  return [{ ...at, message, hint: 'Write a backslash before what is meant as it is.' }];
}

function isRefused(part: string): boolean {
  return part.startsWith('(?') || /^\\[1-9]$/.test(part) || part === '\\k<';
}
