import type { TargetRow } from '../../../actions/places/place-row.ts';
import type { Tint } from '../../terminal/print.ts';
import { type BoardInput, type BoardPart, STATE_TINTS } from './board-input.ts';
import { boardLine, type Paint, restOf } from './board-line.ts';
import { shortTime } from './short-time.ts';

/** Every target, and what waits for it. */
export function waitingPart({ status, now }: BoardInput, columns: number, paint: Paint): BoardPart {
  const rank = ({ state }: TargetRow): number => (state === 'ok' ? 1 : state === 'unused' ? 2 : 0);
  const widths = [9, 8, 8, 6] as const;
  const name = Math.min(24, Math.max(8, Math.floor(columns / 4)));
  const sorted = [...status.targets].sort((a, b) => rank(a) - rank(b) || b.pending - a.pending);
  const cellsOf = (texts: readonly [string, string, string, string, string, string], colour?: Tint) => [
    { text: texts[0], width: name },
    { text: texts[1], width: widths[0], ...(colour && { colour }) },
    { text: texts[2], width: widths[1], side: 'right' as const },
    { text: texts[3], width: widths[2], side: 'right' as const },
    { text: texts[4], width: widths[3], side: 'right' as const },
    { text: texts[5], width: restOf(columns, [...widths, name]) },
  ];
  const lines = sorted.map((one) => {
    const age = one.oldestAt === null ? '-' : shortTime(now - Date.parse(one.oldestAt));
    const texts = [one.target, one.state, String(one.pending), age, String(one.dead), one.reason ?? ''] as const;
    return boardLine(cellsOf(texts, STATE_TINTS[one.state] ?? 'red'), paint);
  });
  const title = boardLine(cellsOf(['OUTBOX', 'STATE', 'WAITING', 'OLDEST', 'DEAD', '']), (_, text) => text);
  return { title, lines };
}
