export interface DayCount {
  readonly day: string;
  readonly alerts: number;
}

const LONGEST_BAR = 60;
const DAY_WIDTH = 12;
const COUNT_WIDTH = 10;
/** A longer row of days without alerts is one line. */
const QUIET_DAYS = 3;

/** A bar for every day, drawn to the terminal's width; the longest stands for the most alerts. */
export function dayBars(days: readonly DayCount[], columns: number): readonly string[] {
  const most = Math.max(1, ...days.map(({ alerts }) => alerts));
  const room = Math.max(1, Math.min(LONGEST_BAR, columns - DAY_WIDTH - COUNT_WIDTH));
  const lines: string[] = [];
  for (let index = 0; index < days.length; ) {
    const quiet = quietFrom(days, index);
    const { day, alerts } = days[index] ?? { day: '', alerts: 0 };
    if (quiet > QUIET_DAYS) lines.push(`${day}  … ${quiet} days without an alert`);
    else lines.push(`${day}  ${'█'.repeat(barLength(alerts, most, room))}${alerts > 0 ? ' ' : ''}${alerts}`);
    index += quiet > QUIET_DAYS ? quiet : 1;
  }
  return lines;
}

/** How many days without an alert follow one another from here on. */
function quietFrom(days: readonly DayCount[], start: number): number {
  const end = days.findIndex(({ alerts }, index) => index >= start && alerts > 0);
  return (end < 0 ? days.length : end) - start;
}

/** A day with an alert has a bar, however short. */
function barLength(alerts: number, most: number, room: number): number {
  return alerts === 0 ? 0 : Math.max(1, Math.round((alerts / most) * room));
}
