import { htmlText } from '../../lib/html/html-text.ts';
import { countOf } from '../../lib/text.ts';
import { oneLine } from '../terminal/print.ts';
import { timeText } from '../terminal/time-text.ts';
import { drawSvg } from './draw-svg.ts';
import type { ReportDocument } from './report-document.ts';
import { type ReportPart, reportParts } from './report-parts.ts';
import { REPORT_STYLE } from './report-style.ts';

/** One page; it loads nothing and runs nothing. */
export function reportPage(report: ReportDocument): string {
  const period = `${timeText(report.from)} to ${timeText(report.to)}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Huntwire: ${htmlText(period)}</title><style>${REPORT_STYLE}</style></head><body>
<header><h1>Huntwire</h1><p>${htmlText(period)}, days are UTC</p></header>
<main>
${totalsHtml(report)}
${reportParts(report).map(partHtml).join('\n')}
</main>
<footer>Made by huntwire ${htmlText(report.version)} from what its state keeps of runs, alerts and deliveries.</footer>
</body></html>
`;
}

function totalsHtml({ totals, gaps }: ReportDocument): string {
  const cards: readonly (readonly [string, number])[] = [
    ['runs', totals.runs],
    ['failed runs', totals.failedRuns],
    ['rows', totals.rows],
    ['alerts', totals.alerts],
    ['deliveries', totals.delivered],
    ['dead letters', totals.deadLetters],
    ['gaps', gaps.length],
  ];
  const items = cards.map(([name, count]) => `<li><b>${count.toLocaleString('en')}</b> ${name}</li>`);
  return `<ul class="totals">${items.join('')}</ul>`;
}

function partHtml({ title, text, chart, head, rows }: ReportPart): string {
  const id = title.toLowerCase().replace(/[^a-z]+/g, '-');
  const drawn =
    chart === null
      ? ''
      : `<div class="chart" tabindex="0">${drawSvg(chart.option, chart.height, htmlText(title))}</div>`;
  return `<section aria-labelledby="${id}"><h2 id="${id}">${htmlText(title)}</h2><p>${htmlText(text)}</p>
${drawn}
${rows.length === 0 ? '' : `<details><summary>${countOf(rows.length, 'row')} as a table</summary>${tableHtml(head, rows)}</details>`}
</section>`;
}

/** More rows than anybody reads on a page; the JSON has all of them. */
const MOST_ROWS = 1000;

function tableHtml(head: readonly string[], rows: ReportPart['rows']): string {
  const cell = (value: string | number): string =>
    typeof value === 'number'
      ? `<td class="number">${value.toLocaleString('en')}</td>`
      : `<td>${htmlText(oneLine(value))}</td>`;
  const body = rows.slice(0, MOST_ROWS).map((row) => `<tr>${row.map(cell).join('')}</tr>`);
  const more = rows.length > MOST_ROWS ? `<p>and ${rows.length - MOST_ROWS} more: --format json has them.</p>` : '';
  const titles = head.map((title) => `<th scope="col">${htmlText(title)}</th>`).join('');
  return `<div class="table" tabindex="0"><table><thead><tr>${titles}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>${more}`;
}
