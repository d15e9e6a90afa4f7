import type { Tint } from '../../terminal/print.ts';
import { timeText } from '../../terminal/time-text.ts';
import type { BoardInput, BoardPart } from './board-input.ts';
import { boardLine, type Paint, restOf } from './board-line.ts';

const SEVERITY_TINTS: Readonly<Partial<Record<string, Tint>>> = { critical: 'red', high: 'red', medium: 'yellow' };

/** What was told last. */
export function alertsPart({ alerts }: BoardInput, columns: number, paint: Paint): BoardPart {
  const widths = [20, 8, 13] as const;
  const lines = alerts.map((alert) =>
    boardLine(
      [
        { text: timeText(alert.time), width: widths[0] },
        { text: alert.status, width: widths[1] },
        { text: alert.severity, width: widths[2], colour: SEVERITY_TINTS[alert.severity] ?? 'dim' },
        { text: alert.title, width: restOf(columns, widths) },
      ],
      paint,
    ),
  );
  return { title: lines.length === 0 ? 'LAST ALERTS: none' : 'LAST ALERTS', lines };
}
