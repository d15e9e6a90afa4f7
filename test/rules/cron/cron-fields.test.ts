import { describe, expect, it } from '@jest/globals';
import { Cron } from 'croner';
import fc from 'fast-check';
import { readCronFields } from '../../../src/rules/cron/cron-fields.ts';
import { wallTimeFrom, wallTimeUntil } from '../../../src/rules/cron/wall-times.ts';
import { DAY } from './slow-model.ts';

const dates = fc.constantFrom('*', '1', '13', '31', '10-20', '*/9', '5,25', 'L', '15W', '1W,L', 'LW', '31W');
const months = fc.constantFrom('*', '*', '2', 'JAN-JUN', '*/5', '4,9');
const weekdays = fc.constantFrom('*', '1', 'MON-FRI', '0', '7', '5#L', 'TUE#2', '1,3#1', '+FRI', '+1-3', '*/2', '5-7');
const times = fc.constantFrom('0 0', '*/20 6-9', '59 23', '5,10 0,12');

/** Its runs in so many days. The parser is asked whether a time matches, day by day: its own walk leaves out a 1 March behind a short month. */
function runsOfDays(text: string, start: number, days: number): number[] {
  const [time, date] = [text.split(' ').slice(0, 2).join(' '), text.split(' ').slice(2).join(' ')];
  const ofDay = new Cron(`${time} * * *`, { utcOffset: 0, paused: true });
  const times = ofDay.nextRuns(1440, new Date(start - 1)).filter((run) => run.getTime() < start + DAY);
  const dates = new Cron(`0 0 ${date}`, { utcOffset: 0, paused: true });
  return Array.from({ length: days }, (_, index) => index * DAY)
    .filter((day) => dates.match(new Date(start + day)))
    .flatMap((day) => times.map((run) => run.getTime() + day));
}

describe('the fields of a cron expression', () => {
  it('name what their parser names where no clock is changed, forward and back', () => {
    const start = Date.UTC(2024, 1, 20);
    fc.assert(
      fc.property(times, dates, months, weekdays, (time, date, month, weekday) => {
        const text = `${time} ${date} ${month} ${weekday}`;
        const runs = runsOfDays(text, start, 500);
        const cron = readCronFields(text);
        const found: number[] = [];
        for (
          let run = wallTimeFrom(cron, start);
          run !== null && run < start + 500 * DAY;
          run = wallTimeFrom(cron, run + 1)
        )
          found.push(run);
        expect(found).toEqual(runs);
        const back = found.slice(1).map((run) => wallTimeUntil(cron, run - 1));
        expect(back).toEqual(found.slice(0, -1));
      }),
      { numRuns: 100 },
    );
  });

  it('name the first of March behind a February that is short', () => {
    const cron = readCronFields('0 0 1 JAN-JUN 1');
    expect(wallTimeFrom(cron, Date.UTC(2025, 1, 25))).toBe(Date.UTC(2025, 2, 1));
  });

  it.each([
    ['0 * * * *', true],
    ['0 */3 * * *', true],
    ['0 2-4 * * *', true],
    ['0 ? * * *', true],
    ['0 2 * * *', false],
    ['0 2,3 * * *', false],
    ['0 1-2,4 * * *', false],
  ])('say of an hour that comes twice: %s', (text, repeats) => {
    expect(readCronFields(text).repeats).toBe(repeats);
  });

  it('take ? as another word for *', () => {
    const mondays = readCronFields('0 6 ? * 1');
    expect(mondays.days(2026, 0)).toBe((1 << 5) | (1 << 12) | (1 << 19) | (1 << 26));
  });

  it('are refused with the reason', () => {
    expect(() => readCronFields('61 * * * *')).toThrow(/minute/);
    expect(() => readCronFields('* * * *')).toThrow();
  });
});
