import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ParamValue, PrepareOptions } from '../../src/kql/prepared.ts';
import { type RenderOptions, renderQuery } from '../../src/kql/render.ts';
import type { Window } from '../../src/kql/window.ts';
import { DAY_MS, HOUR_MS } from '../../src/lib/duration.ts';
import { tries } from '../tries.ts';
import { findingsOf, prepare } from './queries.ts';

const L = Date.parse('2026-01-01T12:00:00Z');
const WINDOW: Window = { basis: 'event', from: L - HOUR_MS, to: L };
const FILTER =
  'Timestamp >= datetime(2026-01-01T11:00:00.0000000Z) and Timestamp < datetime(2026-01-01T12:00:00.0000000Z)';
const WEEK =
  'Timestamp >= datetime(2025-12-25T12:00:00.0000000Z) and Timestamp < datetime(2026-01-01T12:00:00.0000000Z)';
const NOW = 'datetime(2026-01-01T12:00:00.0000000Z)';

interface Given extends Partial<RenderOptions> {
  readonly tables?: PrepareOptions['tables'];
  readonly basis?: PrepareOptions['basis'];
}

async function render(query: string, given: Given = {}): Promise<string> {
  const { tables = {}, basis = 'event', params = {}, ...options } = given;
  const prepared = await prepare(query, { basis, tables, params });
  expect(findingsOf(prepared, 'error')).toEqual([]);
  const rendered = renderQuery(prepared, {
    logicalTime: L,
    window: WINDOW,
    latenessMs: 3 * DAY_MS,
    params,
    ...options,
  });
  return rendered.text;
}

describe('the filter', () => {
  it('of an event window is the time of the event', async () => {
    expect(await render('DeviceEvents | take 1')).toBe(`(DeviceEvents | where ${FILTER}) | take 1`);
  });

  it('of an ingestion window is the time of arrival, with late events and rows without one', async () => {
    const text = await render('DeviceEvents', { basis: 'ingestion', window: { ...WINDOW, basis: 'ingestion' } });
    expect(text).toBe(
      '(DeviceEvents | where Timestamp >= datetime(2025-12-29T11:00:00.0000000Z)' +
        ' and ingestion_time() >= datetime(2026-01-01T11:00:00.0000000Z)' +
        ' and ingestion_time() < datetime(2026-01-01T12:00:00.0000000Z)' +
        ' or (isnull(ingestion_time()) and Timestamp >= datetime(2025-12-31T11:00:00.0000000Z)' +
        ' and Timestamp < datetime(2026-01-01T12:00:00.0000000Z)))',
    );
  });

  it('asks for no rows without an ingestion time where there are none in all that it reaches', async () => {
    const window = { ...WINDOW, basis: 'ingestion' } as const;
    const since = (time: number | null) => (table: string) => (table === 'DeviceEvents' ? time : null);
    const asked = async (query: string, time: number | null) =>
      (await render(query, { basis: 'ingestion', window, stampedSince: since(time) })).includes('isnull');
    expect(await asked('DeviceEvents', WINDOW.from - DAY_MS)).toBe(false);
    expect(await asked('DeviceEvents', WINDOW.from - DAY_MS + 1)).toBe(true);
    expect(await asked('DeviceEvents', null)).toBe(true);
    expect(await asked('EmailEvents', WINDOW.from - DAY_MS)).toBe(true);
    const both = 'let f = (t: string) { table(t) }; union (f("DeviceEvents")), (f("EmailEvents"))';
    expect(await asked(both, WINDOW.from - 2 * DAY_MS)).toBe(true);
  });

  it('goes by event time in tables that have no ingestion time, and reaches back in them', async () => {
    const window = { ...WINDOW, basis: 'ingestion' } as const;
    const unstamped = { tables: new Set(['DeviceEvents']), reachMs: DAY_MS };
    const text = await render('DeviceEvents', { basis: 'ingestion', window, unstamped });
    expect(text).toBe(
      '(DeviceEvents | where Timestamp >= datetime(2025-12-31T11:00:00.0000000Z) and Timestamp < datetime(2026-01-01T12:00:00.0000000Z))',
    );
    expect(await render('EmailEvents', { basis: 'ingestion', window, unstamped })).toContain('ingestion_time()');
  });

  it.each([
    ['let x = DeviceEvents; x', `let x = (DeviceEvents | where ${FILTER}); x`],
    ['let f = () { DeviceEvents | take 1 }; f()', `let f = () { (DeviceEvents | where ${FILTER}) | take 1 }; f()`],
    ["['DeviceEvents']", `(['DeviceEvents'] | where ${FILTER})`],
    ['table("DeviceEvents")', `(table("DeviceEvents") | where ${FILTER})`],
    ['database("d").DeviceEvents', `(database("d").DeviceEvents | where ${FILTER})`],
    [
      'EmailEvents | where Subject in (DeviceEvents)',
      `(EmailEvents | where ${FILTER}) | where Subject in ((DeviceEvents | where ${FILTER}))`,
    ],
    [
      'DeviceEvents | join kind=inner DeviceInfo on DeviceId',
      `(DeviceEvents | where ${FILTER}) | join kind=inner (DeviceInfo | where ${WEEK}) on DeviceId`,
    ],
    [
      'DeviceEvents | lookup (DeviceInfo) on DeviceId',
      `(DeviceEvents | where ${FILTER}) | lookup ((DeviceInfo | where ${WEEK})) on DeviceId`,
    ],
    ['print toscalar(DeviceEvents | count)', `print toscalar((DeviceEvents | where ${FILTER}) | count)`],
    ['let m = materialize(DeviceEvents); m', `let m = materialize((DeviceEvents | where ${FILTER})); m`],
    ['DeviceTvmSoftwareInventory | take 1', 'DeviceTvmSoftwareInventory | take 1'],
    ['DeviceEvents | as A | union A', `(DeviceEvents | where ${FILTER}) | as A | union A`],
    [
      'union withsource=S DeviceEvents, (EmailEvents | take 1)',
      `union withsource=S (DeviceEvents | where ${FILTER} | as DeviceEvents), ((EmailEvents | where ${FILTER}) | take 1)`,
    ],
    [
      'union Url*, DeviceTvmSoftwareEvidenceB*',
      `union (UrlClickEvents | where ${FILTER}), DeviceTvmSoftwareEvidenceBeta`,
    ],
  ])('stands right behind the table in %s', async (query, expected) => {
    expect(await render(query)).toBe(expected);
  });

  it('of a context table looks back its own time, or is left out', async () => {
    const query = 'EmailEvents | join kind=inner UrlClickEvents on NetworkMessageId';
    const day = FILTER.replace('2026-01-01T11', '2025-12-31T12');
    expect(await render(query, { tables: { UrlClickEvents: DAY_MS } })).toContain(`(UrlClickEvents | where ${day})`);
    expect(await render(query, { tables: { UrlClickEvents: 'none' } })).toContain('inner UrlClickEvents on');
  });

  it('of an unknown table takes the time column that was learnt', async () => {
    const query = 'SigninLogs | take 1';
    expect(await render(query, { timeColumns: { SigninLogs: 'TimeGenerated' } })).toContain('where TimeGenerated >=');
    expect(await render(query, { timeColumns: { SigninLogs: null } })).toBe(query);
  });

  it('of a table of Defender that is held elsewhere takes the time column that the settings name', async () => {
    const given = { timeColumns: { DeviceEvents: 'Event Time' } };
    expect(await render('DeviceEvents', given)).toContain('(DeviceEvents | where ["Event Time"] >= datetime(');
    expect(await render('EmailEvents', given)).toContain('where Timestamp >=');
    expect(await render('let x = 1; DeviceTvmSecureConfigurationAssessmentKB', { timeColumns: {} })).not.toContain(
      'where',
    );
  });

  it('is not there without a window', async () => {
    expect(await render('union Device* | where Timestamp > ago(1h)', { window: null, basis: 'none' })).toBe(
      'union Device* | where Timestamp > datetime(2026-01-01T11:00:00.0000000Z)',
    );
    expect(await render('DeviceEvents', { basis: 'none' })).toBe('DeviceEvents');
  });
});

describe('time travel', () => {
  it.each([
    ['now()', NOW],
    ['now(-1h)', 'datetime(2026-01-01T11:00:00.0000000Z)'],
    ['ago(1.5h)', 'datetime(2026-01-01T10:30:00.0000000Z)'],
    ['ago(1tick)', 'datetime(2026-01-01T11:59:59.9999999Z)'],
    ['now(2tick)', 'datetime(2026-01-01T12:00:00.0000002Z)'],
    ['startofday(ago(1d))', 'startofday(datetime(2025-12-31T12:00:00.0000000Z))'],
    ['ago(3000000d)', `(${NOW} - (3000000d))`],
    [
      'ago(totimespan(toscalar(print ago(1h))))',
      `(${NOW} - (totimespan(toscalar(print datetime(2026-01-01T11:00:00.0000000Z)))))`,
    ],
    ['now( totimespan(tostring(1)) )', `(${NOW} + (totimespan(tostring(1))))`],
  ])('makes a literal of %s', async (call, expected) => {
    expect(await render(`print A = ${call}`)).toBe(`print A = ${expected}`);
  });

  it('leaves texts and comments alone', async () => {
    const query = 'print A = "now()" // ago(1d)';
    expect(await render(query)).toBe(query);
  });
});

describe('what is put in front', () => {
  it('is the ends of the window, where the query names them', async () => {
    expect(await render('print A = _to - _from')).toBe(
      'let _from = datetime(2026-01-01T11:00:00.0000000Z); let _to = datetime(2026-01-01T12:00:00.0000000Z); print A = _to - _from',
    );
    await expect(render('print A = _from', { window: null })).rejects.toMatchObject({ code: 'KQL_WINDOW_REFUSED' });
  });

  it('is the params, behind comments and on the line of the first statement', async () => {
    const params = { a: 'it\'s "x"\n\\', b: 2n ** 62n, c: 1e15, d: 0.5, e: false, f: ['x', 9007199254740993n, [true]] };
    expect(await render('// first\n\nprint a, b', { params })).toBe(
      '// first\n\nlet a = "it\'s \\"x\\"\\n\\\\"; let b = long(4611686018427387904); let c = long(1000000000000000);' +
        ' let d = real(0.5); let e = false; let f = dynamic(["x",9007199254740993,[true]]); print a, b',
    );
  });
});

const PIECES = [
  'DeviceEvents',
  '(DeviceFileEvents | where FileName has "ago(1h)")',
  '// a comment with now()\nDeviceInfo',
  "['EmailEvents']",
  'table("UrlClickEvents")',
  'DeviceTvmSoftwareInventory',
  'Custom_CL',
];
const STEPS = [
  'where Timestamp > ago(1h)',
  'extend A = now(-2d), B = "{{x}}"',
  'where 1 == 1',
  'join kind=leftouter (DeviceInfo | project X = DeviceId, C = 1) on $left.A == $right.C',
  'extend D = toscalar(DeviceEvents | summarize max(Timestamp))',
  'where tostring(B) in ((IdentityInfo | project AccountUpn))',
  'as Named',
];
const QUERY = fc
  .tuple(
    fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 3 }),
    fc.array(fc.constantFrom(...STEPS), { maxLength: 4 }),
    fc.constantFrom('\n| ', ' | ', '\r\n\t| '),
  )
  .map(([tables, steps, separator]) => [`union ${tables.join(', ')}`, ...steps].join(separator));

describe('for any query', () => {
  const params: Record<string, ParamValue> = { p: 'x' };
  const options: RenderOptions = {
    logicalTime: L,
    window: { ...WINDOW, basis: 'ingestion' },
    latenessMs: DAY_MS,
    params,
  };

  it('all that is not replaced stays, character by character and line by line', async () => {
    await fc.assert(
      fc.asyncProperty(QUERY, async (query) => {
        const prepared = await prepare(query, { params });
        const rendered = renderQuery(prepared, options);
        const kept = [...query].map(() => '');
        for (let at = 0; at < rendered.text.length; at += 1) kept[rendered.toOriginal(at)] = rendered.text[at] ?? '';
        const replaced = (at: number) => prepared.timeCalls.some((call) => at >= call.start && at < call.end);
        const expected = [...query].filter((_, at) => !replaced(at));
        expect(
          kept
            .filter((_, at) => !replaced(at))
            .slice(0, expected.length)
            .join(''),
        ).toBe(expected.join(''));
        expect(rendered.text.split('\n').length).toBe(query.split('\n').length);
      }),
      { numRuns: tries(5, 12) },
    );
  });

  it('the rendered text parses, has no time calls, the same tables and the same columns', async () => {
    await fc.assert(
      fc.asyncProperty(QUERY, async (query) => {
        const prepared = await prepare(query, { params });
        const again = await prepare(renderQuery(prepared, options).text, { basis: 'none' });
        expect(findingsOf(again, 'error')).toEqual([]);
        expect(again.timeCalls).toEqual([]);
        expect(again.tables.map((one) => one.table)).toEqual(prepared.tables.map((one) => one.table));
        expect(again.columns).toEqual(prepared.columns);
      }),
      { numRuns: tries(5, 12) },
    );
  });

  it('the same inputs give the same text', async () => {
    const prepared = await prepare('union DeviceEvents, EmailEvents | where Timestamp > ago(1h)');
    expect(renderQuery(prepared, options).text).toBe(renderQuery(structuredClone(prepared), options).text);
  });
});
