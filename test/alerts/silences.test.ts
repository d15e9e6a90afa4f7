import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { timeOfHit } from '../../src/alerts/decide/hidden-hits.ts';
import { createHitSubject } from '../../src/alerts/map/hit-subject.ts';
import { createAlertMapper } from '../../src/alerts/map/map-alert.ts';
import { matchesAll } from '../../src/alerts/matchers.ts';
import { hiderOf, type Silence } from '../../src/alerts/silences.ts';
import { collect, decideOn, eventRow, HOUR, makeContext, makeRule, NOON } from './samples.ts';
import { maintenance, matchersOf, silence } from './silence-samples.ts';

const rule = makeRule({ alert: { details: { Count: 'Count' } } });
const subjectOf = createHitSubject('contoso', rule);
const at = (minutes: number): string => new Date(NOON + minutes * 60_000).toISOString();

function decideWith(silences: readonly Silence[], rows = [eventRow()], of = rule) {
  return decideOn(of, collect(of, rows), {
    hiderOf: (hit) => hiderOf(silences, timeOfHit(hit, NOON), () => subjectOf(hit)),
  });
}

const counts = ({ toldHits, suppressed }: ReturnType<typeof decideOn>) => [
  toldHits,
  suppressed.silenced,
  suppressed.maintenance,
];

describe('a silence', () => {
  it('hides what happened before its end, whenever it is found, and not before its beginning', () => {
    const holds = silence('s', 'rule="sample"', NOON, NOON + HOUR);
    expect([-1, 0, HOUR - 1, HOUR].map((after) => holds.spanAt(NOON + after)?.until ?? null)).toEqual([
      null,
      NOON + HOUR,
      NOON + HOUR,
      null,
    ]);
    expect(silence('s', 'rule="sample"', null, NOON).spanAt(0)).toEqual({ since: 0, until: NOON });
  });

  it('goes by the newest event of a hit, else by L', () => {
    const rows = [eventRow({ Timestamp: at(-20) }), eventRow({ Timestamp: at(-5) }), eventRow({ Timestamp: null })];
    expect(counts(decideWith([silence('s', 'rule="sample"', null, NOON - 600_000)], rows))).toEqual([2, 1, 0]);
    expect(counts(decideWith([silence('s', 'rule="sample"', NOON, NOON + 1)], rows))).toEqual([2, 1, 0]);
  });

  it('comes before quiet times and the limit, and opens no quiet time', () => {
    const limited = makeRule({ alert: { limit: 1, suppressMs: HOUR } });
    const rows = [eventRow({ DeviceName: 'lab' }), eventRow({ DeviceName: 'pc2' })];
    const decision = decideWith([silence('s', 'entity.host="lab"', null, NOON)], rows, limited);
    expect(counts(decision)).toEqual([1, 1, 0]);
    expect(decision.quiet).toHaveLength(1);
    expect(decision.keys.map(({ state }) => state).sort()).toEqual(['silenced', 'told']);
  });

  it('hides nothing of a rule in testing and nothing twice', () => {
    const testing = makeRule({ status: 'testing' });
    expect(counts(decideWith([silence('s', 'rule="sample"', null, NOON)], [eventRow()], testing))).toEqual([0, 0, 0]);
    const collected = collect(rule, [eventRow()]);
    const first = decideOn(rule, collected, {
      hiderOf: () => ({ counts: 'silenced', id: 's', since: 0, until: NOON }),
    });
    const known = new Map(first.keys.map((memory) => [memory.key, memory]));
    expect(decideOn(rule, collected, { known }).suppressed).toMatchObject({ duplicate: 1, silenced: 0 });
  });

  it('is not reached by another that is for something else', () => {
    expect(counts(decideWith([silence('s', 'rule!="sample"', null, NOON)]))).toEqual([1, 0, 0]);
  });
});

describe('what several silences hide', () => {
  const choices = fc.array(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      planned: fc.boolean(),
      match: fc.constantFrom('rule="sample"', 'entity.host="pc1"', 'entity.host="lab"', 'severity="low"'),
      from: fc.integer({ min: -60, max: 10 }),
      minutes: fc.integer({ min: 1, max: 60 }),
    }),
    { maxLength: 6 },
  );
  const rows = fc.array(
    fc.record({ minute: fc.integer({ min: -60, max: 0 }), DeviceName: fc.constantFrom('pc1', 'lab', 'pc9') }),
    { maxLength: 8 },
  );

  it('does not depend on their order where two of one id end together', () => {
    const spans = [-30, -20].map((from) => maintenance('b', 'rule="sample"', NOON + from * 60_000, NOON + 60_000));
    const events = [eventRow({ Timestamp: at(-5) })];
    const [one, other] = [spans, [...spans].reverse()].map((given) => decideWith(given, events).hidden);
    expect(one).toEqual(other);
    expect(one).toMatchObject([{ id: 'b', since: NOON - 30 * 60_000, hits: 1 }]);
  });

  it('adds up, is what each of its hits says, and does not depend on their order', () => {
    fc.assert(
      fc.property(choices, rows, fc.boolean(), (chosen, given, reversed) => {
        const silences = chosen.map(({ id, planned, match, from, minutes }) =>
          (planned ? maintenance : silence)(id, match, NOON + from * 60_000, NOON + (from + minutes) * 60_000),
        );
        const events = given.map(({ minute, ...row }) => eventRow({ ...row, Timestamp: at(minute) }));
        const decision = decideWith(silences, events);
        const again = decideWith(reversed ? [...silences].reverse() : [...silences].sort(() => 1), events);
        expect(again.hidden).toEqual(decision.hidden);
        const { suppressed, hits, toldHits } = decision;
        expect(toldHits + Object.values(suppressed).reduce((sum, one) => sum + one, 0)).toBe(hits);
        for (const reason of ['silenced', 'maintenance'] as const) {
          const ofReason = decision.hidden.filter((one) => one.counts === reason);
          expect(ofReason.reduce((sum, one) => sum + one.hits, 0)).toBe(suppressed[reason]);
        }
        for (const { hit, state } of decision.outcomes) {
          const time = Date.parse(String(hit.lastSeen));
          const holding = silences.filter((one) => one.spanAt(time) && matchesAll(one.match, subjectOf(hit)));
          const expected = holding.some((one) => one.counts === 'silenced') ? 'silenced' : (holding[0]?.counts ?? null);
          expect(state === 'silenced' || state === 'maintenance' ? state : null).toBe(expected);
        }
      }),
    );
  });

  it('counts for the one that ends first, silences before maintenance', () => {
    const both = [
      maintenance('m', 'rule="sample"', 0, NOON),
      silence('late', 'rule="sample"', null, NOON + 2),
      silence('b', 'rule="sample"', null, NOON + 1),
      silence('a', 'rule="sample"', null, NOON + 1),
    ];
    const hidden = { counts: 'silenced', id: 'a', since: 0, until: NOON + 1, severity: 'medium', hits: 1 };
    expect(decideWith(both).hidden).toEqual([expect.objectContaining(hidden)]);
  });
});

describe('the subject of a hit', () => {
  it('has what its alert will have', () => {
    const [told] = decideOn(rule, collect(rule, [eventRow({ Count: 7 })])).told;
    if (!told) throw new Error('nothing was told');
    const { kind, severity, tenant, attack, entities, details } = createAlertMapper(makeContext(rule))(told);
    const { rule: of, ...subject } = subjectOf(told.hits[0]);
    expect(subject).toEqual({ kind, severity, tenant, attack, entities, details });
    expect([
      of.id,
      of.tags,
      matchesAll(matchersOf('details.Count="7"', 'tag="test"'), subjectOf(told.hits[0])),
    ]).toEqual(['sample', ['test'], true]);
  });
});
