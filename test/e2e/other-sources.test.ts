import { afterEach, expect, it } from '@jest/globals';
import type { EmulatedApi as Api } from '../../src/emulator/answer.ts';
import { configText, documentOf, eventOf, MINUTE, openStage, ruleText, type Stage, T0 } from './stage.ts';

const SETTINGS: Readonly<Record<Api, string>> = {
  graph: '',
  xdr: '',
  mde: '',
  loganalytics: ', workspaces: [12345678-1234-1234-1234-1234567890ab]',
  kusto: ', cluster: "https://c.kusto.windows.net", database: Security',
  lake: '',
};
const APIS = Object.keys(SETTINGS) as Api[];

let open: Stage[] = [];
afterEach(async () => {
  await Promise.all(open.map((stage) => stage.close()));
  open = [];
});

async function stageOf(api: Api, more: object = {}): Promise<Stage> {
  const stage = await openStage({ events: [eventOf('a-rule', 30, T0 - 20 * MINUTE)], ...more });
  open.push(stage);
  stage.write('huntwire.yaml', configText(stage, api, { source: SETTINGS[api] }));
  stage.write('rules/a-rule.yaml', ruleText('a-rule'));
  return stage;
}

it('the same rule tells the same alert under the same id, whatever source is asked', async () => {
  const ids: (string | undefined)[] = [];
  for (const api of APIS) {
    const stage = await stageOf(api);
    const ended = await stage.cli('once', '--format', 'json');
    expect({ api, code: ended.code, said: ended.stderr }).toMatchObject({ code: 0 });
    const [alert, ...more] = stage.alerts();
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ source: api, window: { basis: api === 'lake' ? 'event' : 'ingestion' } });
    ids.push(alert?.id);
  }
  expect(new Set(ids).size).toBe(1);
});

it('the lake is asked by event time, and a rule that calls ingestion_time() is refused without asking', async () => {
  const stage = await stageOf('lake');
  stage.write(
    'rules/a-rule.yaml',
    ruleText('a-rule').replace('DeviceEvents', 'DeviceEvents | extend At = ingestion_time()'),
  );
  const ended = await stage.cli('once', '--format', 'json');
  expect(documentOf(ended)).toMatchObject({
    runs: [
      {
        outcome: 'blocked',
        error: { code: 'KQL_WINDOW_REFUSED', message: expect.stringContaining('which lake does not have') },
      },
    ],
  });
  expect(stage.emulator.seen).toEqual([]);
  const doctor = documentOf(await stage.cli('doctor', '--format', 'json')) as { checks: readonly { name: string }[] };
  expect(doctor.checks).toContainEqual(expect.objectContaining({ name: 'rule', subject: 'a-rule', ok: false }));
});

it('plan and doctor tell the price of a rule, and that nobody has said it', async () => {
  const stage = await stageOf('lake');
  const checks = async () => {
    const { checks: all } = documentOf(await stage.cli('doctor', '--offline', '--format', 'json')) as {
      checks: readonly { name: string; ok: boolean; message: string }[];
    };
    return all.filter(({ name }) => name === 'price' || name === 'cost');
  };
  expect(await checks()).toMatchObject([
    { name: 'cost', ok: true },
    { name: 'price', ok: false },
  ]);
  const text = stage.read('huntwire.yaml').replace('callsPerMinute: 1000', 'callsPerMinute: 1000, pricePerGb: 0.005');
  stage.write('huntwire.yaml', text);
  expect(await checks()).toMatchObject([{ message: '96 calls a day: 0.48 a day for each GB that one run reads' }]);
  const plan = documentOf(await stage.cli('plan', '--format', 'json'));
  expect(plan).toMatchObject({
    tenants: [{ api: 'lake', pricesPerGb: [{ rule: 'a-rule', perDay: 0.48, gbPerRun: null, pricePerDay: null }] }],
  });
  expect((await stage.cli('plan')).stdout).toContain('a-rule: 0.48 a day for each GB that one run reads');
  // What a run read is known once there was one.
  expect((await stage.cli('once')).code).toBe(0);
  const measured = documentOf(await stage.cli('plan', '--format', 'json')) as {
    tenants: { pricesPerGb: { gbPerRun: number; pricePerDay: number }[] }[];
  };
  const price = measured.tenants[0]?.pricesPerGb[0];
  expect(price?.gbPerRun).toBeGreaterThan(0);
  expect(price?.pricePerDay).toBeCloseTo(0.48 * (price?.gbPerRun ?? 0), 9);
  expect(await checks()).toMatchObject([{ message: expect.stringMatching(/^96 calls a day: .* MB that a run read$/) }]);
});

it.each(APIS)('plan of %s asks nobody, and needs no address', async (api) => {
  const stage = await stageOf(api);
  const plan = documentOf(await stage.cli('plan', '--format', 'json'));
  expect(plan).toMatchObject({ tenants: [{ api, fits: true }], problems: [] });
  expect(stage.emulator.seen).toEqual([]);
});

it.each<[Api, string]>([
  ['loganalytics', '"error"'],
  ['kusto', 'OneApiErrors'],
])('%s: rows of an answer that is not whole make no alert, and the window is halved', async (api) => {
  const events = [6, 12, 18].map((minutes) => eventOf('a-rule', minutes, T0 - minutes * MINUTE));
  const stage = await stageOf(api, { events, emulator: { limits: { maxRows: 2 } } });
  const ended = await stage.cli('once', '--format', 'json');
  const { runs } = documentOf(ended) as { runs: readonly { outcome: string; alerts: number; truncated: boolean }[] };
  expect(runs).toMatchObject([{ outcome: 'ok', alerts: 3, truncated: false }]);
  expect(stage.emulator.seen.length).toBeGreaterThan(2);
});
