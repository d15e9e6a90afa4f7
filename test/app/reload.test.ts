import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeHealthAlert } from '../../src/alerts/map/health-alert.ts';
import { createReload, type Reload } from '../../src/app/reload.ts';
import { tellRefusals } from '../../src/app/tell-refusals.ts';
import { type App, openApp } from '../../src/app.ts';
import { createHost } from '../../src/cli/host.ts';
import { readConfig } from '../../src/cli/read-config.ts';
import { addedTable } from '../../src/kql/schemas/added-tables.ts';
import type { ReloadRefusal } from '../../src/state/lease.ts';
import { createFakeWorld } from '../cli/fake-world.ts';

interface Wish {
  readonly targets?: string;
  readonly more?: string;
  readonly state?: string;
  readonly data?: string;
}

const RULE = (id: string, more = '') =>
  `id: ${id}\nname: ${id}\nseverity: low\nquery: DeviceEvents\nschedule: {every: 15m}\n${more}`;

const folder = mkdtempSync(join(tmpdir(), 'huntwire-reload-'));
const world = createFakeWorld(folder);
let app: App;
let reload: Reload;

function configure({ targets = 'a: {type: file, path: a.log}', more = '', state = 's.db', data = 'data' }: Wish = {}) {
  const text = `source: {api: local, path: ${data}}\nrules: [rules/]\ntargets:\n  ${targets}\ndefaultTargets: [a]\nstate: {path: ${state}}\nlog: {level: info}\n${more}`;
  writeFileSync(join(folder, 'huntwire.yaml'), text);
}

function writeRule(id: string, more = ''): void {
  writeFileSync(join(folder, 'rules', `${id}.yaml`), RULE(id, more));
}

beforeAll(async () => {
  for (const name of ['rules', 'data', 'other']) mkdirSync(join(folder, name));
  configure();
  writeRule('one');
  const config = readConfig(world, 'huntwire.yaml');
  const host = createHost(world, config, 'in-process', 'run');
  app = await openApp(config, host);
  const read = () => readConfig(world, 'huntwire.yaml');
  reload = createReload({ app, read, clock: host.clock, log: host.log });
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const ruleIds = () => app.tenants.map(({ rules }) => rules.map(({ id, status }) => `${id} ${status}`));
const changes = async () => (await reload('action')).changes.map(({ kind, name, how }) => `${kind} ${name} ${how}`);
const open = async () => (await app.store.openHealth()).map(({ code, subject }) => `${code} ${subject}`);

describe('the audit', () => {
  it('has who had everything read again, and what came of it', async () => {
    expect((await reload('action', 'soar')).outcome).toBe('unchanged');
    const [entry] = await app.store.audit({ limit: 1 });
    const after = { outcome: 'unchanged', changes: 0, named: [], problems: 0 };
    expect(entry).toMatchObject({ who: 'soar', action: 'reload', subject: 'configuration', after });
    await reload('signal');
    expect(await app.store.audit({ limit: 1 })).toMatchObject([{ who: 'signal' }]);
  });
});

describe('a reload', () => {
  it('finds nothing where nothing has changed', async () => {
    expect(await reload('signal')).toMatchObject({ outcome: 'unchanged', trigger: 'signal', changes: [] });
  });

  it('takes up rules and leaves tenants and targets as they are', async () => {
    const { tenants, targets } = app;
    writeRule('one', 'status: disabled');
    writeRule('two');
    expect(await changes()).toEqual(['rule one disabled', 'rule two added']);
    expect(ruleIds()).toEqual([['one disabled', 'two enabled']]);
    expect([app.tenants[0] === tenants[0], app.targets[0] === targets[0]]).toEqual([true, true]);
    const runner = await app.store.runner();
    expect(runner?.rules.map(({ ruleId }) => ruleId)).toEqual(['one', 'two']);
    expect(runner?.reload).toMatchObject({ outcome: 'applied', trigger: 'action' });
    rmSync(join(folder, 'rules', 'two.yaml'));
    writeRule('one', 'tags: [new]');
    expect(await changes()).toEqual(['rule one enabled', 'rule two removed']);
  });

  it('keeps all as it was where anything is wrong, and says so until it is mended', async () => {
    writeRule('two');
    writeRule('three', 'severty: low');
    const record = await reload('files');
    expect(record).toMatchObject({ outcome: 'refused', changes: [] });
    expect(record.problems).toEqual([expect.objectContaining({ file: join(folder, 'rules/three.yaml'), line: 6 })]);
    expect(ruleIds()).toEqual([['one enabled']]);
    expect(await open()).toEqual(['reload-refused configuration']);
    expect((await app.store.runner())?.reload?.problems).toHaveLength(1);
    expect(world.err()).toContain('what was read again is wrong');
    rmSync(join(folder, 'rules', 'three.yaml'));
    expect(await changes()).toEqual(['rule two added']);
    expect(await open()).toEqual([]);
  });

  it('that any process refuses is told once by the one that has the chores, until all agree', async () => {
    writeRule('three', 'severty: low');
    const read = () => readConfig(world, 'huntwire.yaml');
    const host = createHost(world, app.config, 'in-process', 'run');
    const refused = new Map<number, ReloadRefusal>();
    const { follow, tenants, runs, runner } = app;
    const processOf = (pid: number, charge: App['charge']) => {
      const note = async (text: string | null): Promise<void> => {
        if (text === null) refused.delete(pid);
        else refused.set(pid, { machine: 'm', pid, text });
      };
      const book = { refusals: { note, list: async () => [...refused.values()] } };
      const own = { follow, tenants, runs, runner, charge, leased: { book } as unknown as App['leased'] };
      return { own, reload: createReload({ app: own, read, clock: host.clock, log: host.log }) };
    };
    const [chief, beside] = [processOf(1, () => runs), processOf(2, () => null)];
    const logged = world.err().length;
    expect([(await beside.reload('files')).outcome, await open()]).toEqual(['refused', []]);
    expect(world.err().slice(logged)).toContain('what was read again is wrong');
    await tellRefusals({ app: chief.own });
    expect(await open()).toEqual(['reload-refused configuration']);
    expect((await chief.reload('files')).outcome).toBe('refused');
    expect([...refused.keys()]).toEqual([2, 1]);
    rmSync(join(folder, 'rules', 'three.yaml'));
    // Whose files are right again ends nothing while the other's are not.
    expect([(await chief.reload('files')).outcome, await open()]).toEqual([
      'unchanged',
      ['reload-refused configuration'],
    ]);
    await beside.reload('files');
    await tellRefusals({ app: chief.own });
    expect(await open()).toEqual([]);
  });

  it('takes up schema files, and goes by those before where it is refused', async () => {
    const columns = [{ name: 'At', type: 'datetime' }];
    writeFileSync(join(folder, 'own.json'), JSON.stringify({ tables: { Own_CL: { columns, time: 'At' } } }));
    configure({ more: 'schemas: [own.json]\n' });
    expect(await changes()).toEqual(['setting schemas added']);
    expect(addedTable('Own_CL')).toMatchObject({ time: 'At' });
    configure({ more: 'schemas: []\n' });
    writeRule('three', 'severty: low');
    expect((await reload('files')).outcome).toBe('refused');
    expect(addedTable('Own_CL')).not.toBeNull();
    rmSync(join(folder, 'rules', 'three.yaml'));
    configure();
    await reload('files');
    expect(addedTable('Own_CL')).toBeNull();
  });

  it('refuses a file of a rule that is half written now: its rule would stop', async () => {
    writeRule('half');
    await reload('files');
    writeFileSync(join(folder, 'rules', 'half.yaml'), 'id: [\n');
    const { outcome, problems } = await reload('files');
    expect(outcome).toBe('refused');
    expect(problems).toEqual([expect.objectContaining({ file: join(folder, 'rules/half.yaml') })]);
    expect(ruleIds().flat()).toContain('half enabled');
    rmSync(join(folder, 'rules', 'half.yaml'));
    expect(await changes()).toEqual(['rule half removed']);
  });

  it('refuses a query that cannot be analyzed, a target that cannot be opened and a configuration that is none', async () => {
    writeRule('four', 'targets: [nobody]');
    expect((await reload('files')).problems.map(({ message }) => message)).toEqual([
      'There is no target "nobody". Valid are: a.',
    ]);
    writeFileSync(join(folder, 'rules', 'four.yaml'), RULE('four').replace('DeviceEvents', 'DeviceEvents | where ('));
    expect((await reload('files')).outcome).toBe('refused');
    rmSync(join(folder, 'rules', 'four.yaml'));
    writeFileSync(join(folder, 'huntwire.yaml'), 'source: {api: local');
    expect((await reload('files')).outcome).toBe('refused');
    configure({ targets: 'a: {type: webhook, url: "https://x.example/", tls: {caFile: none.pem}}' });
    expect((await reload('files')).outcome).toBe('refused');
    configure();
    expect(await changes()).toEqual([]);
  });

  it('takes up silences, routes and who gets health alerts', async () => {
    const ends = new Date(Date.now() + 3_600_000).toISOString();
    const silence = `{id: quiet, match: ['rule="one"'], owner: me, reason: test, ends: "${ends}"}`;
    configure({
      targets: 'a: {type: file, path: a.log}\n  b: {type: file, path: b.log}',
      more: `silences: [${silence}]\nhealth: {targets: [b]}\n`,
    });
    expect(await changes()).toEqual(['target b added', 'setting silences added', 'setting health added']);
    expect((await app.runs.silences?.())?.map(({ id }) => id)).toEqual(['quiet']);
    expect(app.runs.healthTargets).toEqual(['b']);
    expect([...(app.runs.targetNames ?? [])]).toEqual(['a', 'b']);
  });

  it('buries what waits for a target that is gone, and tells it', async () => {
    const stop = new AbortController();
    const running = app.deliveries.run(stop.signal);
    configure({ targets: 'a: {type: file, path: a.log}\n  b: {type: file, path: none/b.log}' });
    expect(await changes()).toEqual(['target b changed', 'setting silences removed', 'setting health removed']);
    await app.settled();
    const alert = makeHealthAlert({
      ...{ tenant: 'default', code: 'gap', subject: 'one', since: 1, status: 'firing' },
      ...{ revision: 0, time: 1, message: 'x' },
    });
    const message = { messageId: alert.id, alertId: alert.id, revision: 0, orderKey: 'k', target: 'b' };
    await app.store.commitHealth({ alerts: [alert], messages: [message], health: [] });
    configure();
    expect(await changes()).toEqual(['target b removed']);
    await app.settled();
    stop.abort();
    await running;
    expect((await app.store.targetCounts()).find(({ target }) => target === 'b')).toMatchObject({
      pending: 0,
      dead: 1,
    });
    expect(await open()).toContain('dead-letter b');
  });

  it('opens a tenant anew whose source is another, and has whoever runs it told', async () => {
    const [before] = app.tenants;
    let told = 0;
    const deaf = app.listenToTenants(async () => {
      told += 1;
    });
    configure({ data: 'other' });
    expect(await changes()).toEqual(['tenant default changed']);
    await app.settled();
    deaf();
    expect([app.tenants[0] === before, told]).toEqual([false, 1]);
    expect(ruleIds()).toEqual([['one enabled', 'two enabled']]);
  });

  it('says which settings wait for a restart, until they are as they were', async () => {
    configure({ data: 'other', state: 'elsewhere.db', more: 'http: {port: 0}\n' });
    expect(await changes()).toEqual(['setting state waits', 'setting http waits']);
    writeRule('one', 'tags: [newer]');
    expect(await changes()).toEqual(['rule one changed', 'setting state waits', 'setting http waits']);
    configure({ data: 'other' });
    expect(await changes()).toEqual([]);
  });

  it('goes on one at a time: who asks meanwhile gets the next one', async () => {
    const first = reload('signal');
    expect(reload('signal')).toBe(first);
    await Promise.resolve();
    const [second, third] = [reload('files'), reload('action')];
    writeRule('one', 'tags: [newest]');
    expect(third).toBe(second);
    const outcomes = (await Promise.all([first, second])).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(1);
  });
});
