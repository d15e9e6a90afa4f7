import { describe, expect, it } from '@jest/globals';
import { applyEdits } from '../../src/kql/edits.ts';
import { fillTemplate, templateOf } from '../../src/kql/query-template.ts';
import { datetimeLiteral } from '../../src/kql/window.ts';

const L = Date.parse('2026-01-01T12:00:00.123Z');
const OWN = "T | where Note == 'datetime(2026-01-01T12:00:00.1230000Z)'";

/** A query as runs send it: a window, now() and an instant with ticks, beside one that stood in the query before. */
function sentAt(logicalTime: number) {
  const times = { logicalTime, from: logicalTime - 900_000, to: logicalTime };
  const ticks = datetimeLiteral(logicalTime - 3_600_000).replace('0000Z', '0007Z');
  const text = ` where a >= ${datetimeLiteral(times.from - 86_400_000)} and b < ${datetimeLiteral(times.to)} and c > ${ticks} |`;
  return { times, sent: applyEdits(OWN, [{ start: 3, end: 3, text }]) };
}

describe('the template of a query', () => {
  it('gives back exactly what was sent, and is one for all runs of a query', () => {
    const first = sentAt(L);
    const later = sentAt(L + 86_400_000);
    const template = templateOf(first.sent, first.times);
    expect(fillTemplate(template, first.times)).toBe(first.sent.text);
    expect(fillTemplate(template, later.times)).toBe(later.sent.text);
    expect(templateOf(later.sent, later.times)).toBe(template);
  });

  it('is the text alone where nothing was put in', () => {
    const times = { logicalTime: L, from: null, to: null };
    const template = templateOf(applyEdits(OWN, []), times);
    expect(template).toBe(JSON.stringify([OWN]));
    expect(fillTemplate(template, times)).toBe(OWN);
  });
});
