import { countOf } from '../../../lib/text.ts';
import type { Tint } from '../../terminal/print.ts';
import { timeText } from '../../terminal/time-text.ts';
import { alertsPart } from './alerts-part.ts';
import type { BoardInput, BoardSize, DrawPart } from './board-input.ts';
import { boardLine, cutToWidth, type Paint, restOf } from './board-line.ts';
import { quotaPart } from './quota-part.ts';
import { needsPerson, rulesPart } from './rules-part.ts';
import { waitingPart } from './waiting-part.ts';

const PARTS: readonly DrawPart[] = [rulesPart, quotaPart, waitingPart, alertsPart];

/** The fewest lines that a board is laid out for. */
const LEAST_ROWS = 12;

/**
 * The state on one page: who runs, then rules (the worst first), quota, outbox and the last alerts, each with as many lines as there is
 * room for and a count of those left out. Never more lines than `rows`, none wider than `columns`.
 */
export function drawBoard(input: BoardInput, { columns, rows }: BoardSize, paint: Paint): readonly string[] {
  const room = Math.max(LEAST_ROWS, rows);
  const parts = PARTS.map((part) => part(input, columns, paint));
  const head = headLines(input, columns, paint);
  const shares = shareOut(
    room - head.length - parts.length,
    parts.map(({ lines }) => lines.length),
  );
  const body = parts.flatMap(({ title, lines }, at) => titled(title, lines, shares[at] ?? 0, { columns, paint }));
  return [...head, ...body].slice(0, rows);
}

/** Each gets what it needs, the short ones first; what is left of the room goes to those behind them. */
export function shareOut(room: number, needs: readonly number[]): readonly number[] {
  const shares = needs.map(() => 0);
  const order = needs.map((need, at) => ({ need, at })).sort((a, b) => a.need - b.need);
  let left = Math.max(0, room);
  for (const [done, { need, at }] of order.entries()) {
    const share = Math.min(need, Math.floor(left / (order.length - done)));
    shares[at] = share;
    left -= share;
  }
  return shares;
}

function titled(
  title: string,
  lines: readonly string[],
  share: number,
  { columns, paint }: { readonly columns: number; readonly paint: Paint },
): readonly string[] {
  const hidden = lines.length - share;
  const count = hidden > 0 ? `  (${hidden} more)` : '';
  const head = cutToWidth(title, columns - count.length) + count;
  return [paint('dim', head), ...lines.slice(0, share)];
}

function headLines({ status, now, trouble }: BoardInput, columns: number, paint: Paint): readonly string[] {
  const { runner, runnerState, rules, targets, health } = status;
  const who = runner
    ? `runner alive${runner.pid === null ? '' : ` (pid ${runner.pid}, ${runner.version})`}`
    : runnerState === 'unknown'
      ? 'whether a runner is alive is not known'
      : 'no runner is alive';
  const colour: Tint = runner ? 'green' : runnerState === 'unknown' ? 'yellow' : 'red';
  const time = timeText(now);
  const first = boardLine(
    [
      { text: who, width: restOf(columns, [time.length]), colour },
      { text: time, width: time.length },
    ],
    paint,
  );
  const bad = rules.filter(needsPerson).length;
  const pending = targets.reduce((sum, { pending: count }) => sum + count, 0);
  const dead = targets.reduce((sum, { dead: count }) => sum + count, 0);
  const counts = [
    `${countOf(rules.length, 'rule')}, ${bad === 0 ? 'none' : bad} not ok`,
    `${pending} waiting`,
    countOf(dead, 'dead letter'),
    countOf(health.length, 'open health alert'),
  ].join(' · ');
  const calm = bad === 0 && dead === 0 && health.length === 0;
  const second = paint(calm ? 'green' : 'yellow', cutToWidth(counts, columns));
  return trouble === null ? [first, second] : [first, second, paint('red', cutToWidth(trouble, columns))];
}
