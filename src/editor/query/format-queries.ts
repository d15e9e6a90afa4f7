import type { TextEdit } from 'vscode-languageserver';
import { kqlTokens } from '../../kql/tokens.ts';
import { queryComments } from '../../rules/query-code.ts';
import type { QuerySpot } from '../look/query-spot.ts';

/** The queries of a file as the parser writes them. Only such as stand in lines of their own (`|`, and files of KQL), and only white space changes. */
export function formatQueries(spots: readonly QuerySpot[]): readonly TextEdit[] {
  return spots.flatMap(formatQuery);
}

function formatQuery(spot: QuerySpot): readonly TextEdit[] {
  const { query, lined, view, base } = spot;
  if (query.indent === null || base > 0) return [];
  const formatted = view.format().trimEnd();
  const before = query.text.trimEnd();
  if (formatted === '' || formatted === before.replaceAll('\r\n', '\n') || !saysTheSame(before, formatted)) return [];
  const end = query.toSource(before.length);
  const margin = ' '.repeat(query.indent);
  const lineEnd = lined.text.slice(query.start, end).includes('\r\n') ? '\r\n' : '\n';
  const lines = formatted.split(/\r?\n/).map((line, index) => {
    const text = line.trimEnd();
    return index === 0 || text === '' ? text : margin + text;
  });
  const start = query.toSource(0);
  return [{ range: lined.range(start, end), newText: lines.join(lineEnd) }];
}

/** The same words in the same order, and the same comments. */
function saysTheSame(one: string, other: string): boolean {
  const said = (text: string): string => {
    const comments = queryComments(text).map(({ start, end }) => text.slice(start, end).trim());
    return JSON.stringify([kqlTokens(text).map((token) => token.text.replaceAll('\r\n', '\n')), comments]);
  };
  return said(one) === said(other);
}
