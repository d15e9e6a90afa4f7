import { htmlText } from '../../lib/html/html-text.ts';
import { countOf } from '../../lib/text.ts';
import type { Cell } from '../../sources/source.ts';
import type { QueryResult } from './query-result.ts';

function textOf(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

/** A table in GitHub's Markdown. Text of cells is shown as it is: nothing in it is markup. */
export function markdownOf({ columns, rows }: QueryResult): string {
  const names = columns.map(({ name }) => name);
  const right = columns.map(({ type }) => ['int', 'long', 'real', 'decimal'].includes(type));
  const lines = [
    names.map(markdownText),
    right.map((isRight) => (isRight ? '---:' : '---')),
    ...rows.map((row) => names.map((name) => markdownText(textOf(row[name])))),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

const CONTROL = /\p{Cc}+/gu;

function markdownText(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~&!]/g, '\\$&').replace(CONTROL, ' ');
}

const STYLE =
  'body{font:14px system-ui,sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top;white-space:pre-wrap}';

/** A page of its own, without scripts, that shows the rows as a table. */
export function htmlOf({ columns, rows, source, truncated }: QueryResult): string {
  const names = columns.map(({ name }) => name);
  const head = `<tr>${names.map((name) => `<th scope="col">${htmlText(name)}</th>`).join('')}</tr>`;
  const body = rows.map(
    (row) => `<tr>${names.map((name) => `<td>${htmlText(textOf(row[name]))}</td>`).join('')}</tr>\n`,
  );
  const caption = `${countOf(rows.length, 'row')} from ${source}${truncated ? ', truncated by the API' : ''}`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${caption}</title><style>${STYLE}</style></head>
<body>
<table>
<caption>${caption}</caption>
<thead>${head}</thead>
<tbody>
${body.join('')}</tbody>
</table>
</body>
</html>
`;
}
