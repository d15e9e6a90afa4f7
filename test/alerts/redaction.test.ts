import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createAlertMapper } from '../../src/alerts/map/map-alert.ts';
import { makeOverflowAlert } from '../../src/alerts/map/overflow-alert.ts';
import { validateAlert } from '../../src/alerts/map/validate-alert.ts';
import { redactorFor } from '../../src/alerts/redaction.ts';
import type { Row } from '../../src/sources/source.ts';
import { collect, columnsOf, decideOn, eventRow, HOUR, makeContext, makeRule } from './samples.ts';

const KEY = 'a key of a test, long enough';
const COLUMNS = columnsOf({
  Timestamp: 'datetime',
  DeviceId: 'string',
  DeviceName: 'string',
  ReportId: 'long',
  AccountUpn: 'string',
  AccountUpn1: 'string',
});
const settings = (how: 'drop' | 'hash', columns = ['AccountUpn']) => ({ own: { columns, how }, key: KEY });

const rule = makeRule({
  alert: {
    title: 'Seen: {{AccountUpn}} on {{DeviceName}}',
    description: '{{ AccountUpn1 }}',
    details: { Who: 'AccountUpn' },
    entities: [{ type: 'account', fields: { name: 'AccountUpn', upn: 'AccountUpn1' } }],
    dedupColumns: ['AccountUpn'],
    suppressMs: HOUR,
  },
});

function alertsOf(rows: readonly Row[], given: Parameters<typeof redactorFor>[1], of = rule) {
  const collected = collect(of, rows, COLUMNS);
  const decision = decideOn(of, collected);
  const context = makeContext(of, { redactor: redactorFor(of, given) });
  return { decision, alerts: decision.told.map(createAlertMapper(context)), context };
}

const row = (AccountUpn: string) => eventRow({ AccountUpn, AccountUpn1: AccountUpn.toUpperCase() });

describe('redaction', () => {
  it.each(['drop', 'hash'] as const)('by %s leaves the value nowhere in an alert', (how) => {
    const [alert] = alertsOf([row('anna@corp.example')], settings(how, ['accountupn'])).alerts;
    if (!alert) throw new Error('nothing was told');
    validateAlert(alert);
    expect(JSON.stringify(alert)).not.toMatch(/anna|corp/i);
    expect(alert.evidence).toHaveLength(1);
    const shown = how === 'drop' ? null : expect.stringMatching(/^hash:[0-9a-f]{16}$/);
    expect([alert.details.Who, alert.evidence[0]?.AccountUpn, alert.evidence[0]?.AccountUpn1]).toEqual([
      shown,
      shown,
      shown,
    ]);
    expect(alert.title).toMatch(how === 'drop' ? /^Seen:\s+on pc1$/ : /^Seen: hash:[0-9a-f]{16} on pc1$/);
    expect(alert.entities).toHaveLength(how === 'drop' ? 0 : 1);
  });

  it('hashes equal values alike, in upper or lower case, and with another key otherwise', () => {
    const hashOf = (value: string, key = KEY) =>
      redactorFor({}, { ...settings('hash'), key })?.rows([{ AccountUpn: value }])[0]?.AccountUpn;
    expect(hashOf('Anna@corp.example')).toBe(hashOf('anna@CORP.example'));
    expect(hashOf('anna@corp.example')).not.toBe(hashOf('bob@corp.example'));
    expect(hashOf('anna@corp.example')).not.toBe(hashOf('anna@corp.example', 'another key'));
    expect([hashOf(''), redactorFor({}, settings('hash'))?.rows([{ AccountUpn: null }])]).toEqual([
      '',
      [{ AccountUpn: null }],
    ]);
  });

  it('decides by the true values: what is one dedup key stays one, and two stay two', () => {
    const rows = [row('anna@corp.example'), row('anna@corp.example'), row('bob@corp.example')];
    const plain = alertsOf(rows, { own: null, key: KEY });
    const { alerts, decision } = alertsOf(rows, settings('drop'));
    expect(alerts.map(({ rowCount }) => rowCount).sort()).toEqual([1, 2]);
    expect([decision.keys, decision.quiet]).toEqual([plain.decision.keys, plain.decision.quiet]);
  });

  it('lets nobody try a guess by the id, the dedup key or the keys of an overflow', () => {
    const grouped = makeRule({ threshold: { groupBy: ['AccountUpn'] }, alert: { per: 'group' } });
    const rows = [row('anna@corp.example')];
    const [plain] = alertsOf(rows, { own: null, key: KEY }, grouped).alerts;
    const { alerts, context, decision } = alertsOf(rows, settings('hash'), grouped);
    const [again] = alertsOf(rows, settings('hash'), grouped).alerts;
    expect(alerts[0]?.id).not.toBe(plain?.id);
    expect(alerts[0]?.dedupKey).not.toBe(plain?.dedupKey);
    expect([again?.id, again?.dedupKey]).toEqual([alerts[0]?.id, alerts[0]?.dedupKey]);
    const [hit] = decision.told[0]?.hits ?? [];
    if (!hit) throw new Error('nothing was told');
    const byKey = [{ key: hit.dedupKey, hits: 1 }];
    const overflow = makeOverflowAlert(context, { hits: [hit], atLeast: false, byKey, toldAlerts: 0 });
    expect(overflow.overflow?.byKey).toEqual([{ key: alerts[0]?.dedupKey, hits: 1 }]);
  });

  it('takes what the rule and the configuration say together; dropping wins', () => {
    const own = { redact: { columns: ['AccountUpn', 'DeviceId'], how: 'hash' } } as const;
    const redacted = redactorFor(own, settings('drop'))?.rows([{ AccountUpn: 'a', DeviceId: 'd', DeviceName: 'n' }]);
    expect(redacted).toEqual([{ AccountUpn: null, DeviceId: expect.stringMatching(/^hash:/), DeviceName: 'n' }]);
    const reverse = redactorFor({ redact: { columns: ['AccountUpn'], how: 'drop' } }, settings('hash'));
    expect(reverse?.rows([{ AccountUpn: 'a' }])).toEqual([{ AccountUpn: null }]);
    expect(redactorFor({}, { own: null, key: KEY })).toBeNull();
    expect(redactorFor({})).toBeNull();
    expect(redactorFor(own)?.rows([{ DeviceId: 'd' }])).toEqual([{ DeviceId: expect.stringMatching(/^hash:/) }]);
  });

  it('shows no cell of a named column, whatever it holds', () => {
    const cell = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant({ upn: 'x' }), fc.constant(['x']));
    fc.assert(
      fc.property(cell, fc.constantFrom('drop' as const, 'hash' as const), (AccountUpn, how) => {
        const [out] = redactorFor({}, settings(how))?.rows([{ AccountUpn, DeviceName: 'n' }]) ?? [];
        expect(out?.DeviceName).toBe('n');
        const blank = AccountUpn === '' ? '' : null;
        expect(out?.AccountUpn).toEqual(how === 'drop' || blank === '' ? blank : expect.stringMatching(/^hash:/));
      }),
    );
  });
});
