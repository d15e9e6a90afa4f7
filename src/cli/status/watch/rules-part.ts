import { SECOND_MS } from '../../../lib/duration.ts';
import { countOf } from '../../../lib/text.ts';
import type { RuleRow, ShownState } from '../status-document.ts';
import { type BoardInput, type BoardPart, STATE_TINTS } from './board-input.ts';
import { type BoardCell, boardLine, type Paint, restOf } from './board-line.ts';
import { shortTime } from './short-time.ts';

/** The worst first. */
const RANK: Readonly<Record<ShownState, number>> = {
  blocked: 0,
  failing: 1,
  refused: 2,
  lagging: 3,
  throttled: 4,
  removed: 5,
  'never-run': 6,
  ok: 7,
  disabled: 8,
};

/** Whether somebody should look at it. */
export function needsPerson({ state }: RuleRow): boolean {
  return RANK[state] < RANK.ok;
}

/** Every rule, with its lag, its next run and what became of its last. */
export function rulesPart({ status, now }: BoardInput, columns: number, paint: Paint): BoardPart {
  const tenants = new Set(status.rules.map(({ tenant }) => tenant)).size;
  const nameOf = (row: RuleRow): string => (tenants > 1 ? `${row.tenant}/${row.rule}` : row.rule);
  const sorted = [...status.rules].sort(
    (a, b) =>
      RANK[a.state] - RANK[b.state] || (b.lagSeconds ?? -1) - (a.lagSeconds ?? -1) || compare(nameOf(a), nameOf(b)),
  );
  const widths = [9, 6, 8] as const;
  const name = Math.min(40, Math.max(12, Math.floor(restOf(columns, widths) / 2)));
  const note = restOf(columns, [...widths, name]);
  const row = (one: RuleRow): readonly BoardCell[] => [
    { text: nameOf(one), width: name },
    { text: one.state, width: widths[0], colour: STATE_TINTS[one.state] ?? 'red' },
    { text: one.lagSeconds === null ? '-' : shortTime(one.lagSeconds * SECOND_MS), width: widths[1], side: 'right' },
    { text: untilText(one.nextRunAt, now), width: widths[2], side: 'right' },
    { text: one.error?.message ?? runText(one), width: note, ...(one.error && { colour: 'red' as const }) },
  ];
  const title = boardLine(
    [
      { text: 'RULE', width: name },
      { text: 'STATE', width: widths[0] },
      { text: 'LAG', width: widths[1], side: 'right' },
      { text: 'NEXT', width: widths[2], side: 'right' },
      { text: 'LAST RUN', width: note },
    ],
    (_, text) => text,
  );
  return { title, lines: sorted.map((one) => boardLine(row(one), paint)) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function runText({ lastRun }: RuleRow): string {
  if (!lastRun) return '';
  const { rows, alerts, outcome } = lastRun as { rows?: number; alerts?: number; outcome?: string };
  return `${outcome ?? ''}: ${countOf(rows ?? 0, 'row')}, ${countOf(alerts ?? 0, 'alert')}`;
}

function untilText(time: string | null, now: number): string {
  if (time === null) return '-';
  const left = Date.parse(time) - now;
  return left <= 0 ? 'now' : `in ${shortTime(left)}`;
}
