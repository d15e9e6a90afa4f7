import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../src/cli/cli.ts';
import { render } from '../../src/cli/render.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { openSqliteStore } from '../../src/state/sqlite-store.ts';
import { START, sampleCommit, sampleAlert as storedAlert } from '../state/samples.ts';
import { sampleAlert } from '../targets/sample-alert.ts';
import { createFakeWorld } from './fake-world.ts';

const KEY = 'R0123456789ABCDEFR0123456789ABCD';
const CONFIG = `source: {api: local, path: .}
state: {path: state.db}
targets:
  soar:
    type: webhook
    url: http://127.0.0.1:1/hook/s3cret-path
    auth: {bearer: token-77aa}
    template: {path: "/{{ severity }}", body: {name: "{{ title }}", token: token-77aa}}
  cards: {type: teams, url: "http://127.0.0.1:1/teams/k3y-of-the-flow"}
  pager: {type: pagerduty, routingKey: ${KEY}}
  tickets: {type: jira, url: "http://127.0.0.1:1", project: SOC, issueType: Task, resolveTransition: Done, auth: {bearer: token-77aa}}
  records: {type: servicenow, url: "http://127.0.0.1:1", auth: {bearer: token-77aa}}
  cases: {type: thehive, url: "http://127.0.0.1:1", apiKey: token-77aa}
  incidents: {type: xsoar, url: "http://127.0.0.1:1", apiKey: token-77aa}
  siem: {type: syslog, host: 127.0.0.1, format: cef}
  screen: {type: stdout}
  duty: {type: email, host: mail.example, from: Huntwire <hunt@example.com>, to: [soc@example.com, duty@example.com]}
`;

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'render-test-'));
  writeFileSync(join(folder, 'huntwire.yaml'), CONFIG);
  writeFileSync(join(folder, 'alert.json'), JSON.stringify(sampleAlert({ dedupKey: 'd'.repeat(32) })));
  const store = openSqliteStore({ path: join(folder, 'state.db'), clock: createManualClock(START) });
  const alerts = [storedAlert('ab1'), storedAlert('ab2'), storedAlert('ab2', { revision: 1, title: 'the newest' })];
  alerts.push(storedAlert('fe3', { revision: 2, status: 'resolved' }));
  await store.commit(sampleCommit(store, { alerts }));
  const receipts = { tickets: 'SOC-7', records: 'sys7', cases: '~7', incidents: '7' };
  for (const [target, text] of Object.entries(receipts))
    for (const alertId of ['ab2', 'fe3']) await store.keepReceipts([{ alertId, target, text, at: START }]);
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function call(...argv: readonly string[]) {
  const world = createFakeWorld(folder);
  const code = await runCli(['render', ...argv], world, [render]);
  return { code, out: world.out(), err: world.err() };
}

describe('huntwire render', () => {
  it('shows the request of a webhook as its template makes it, secrets masked, and sends nothing', async () => {
    const { code, out } = await call('soar', '--alert', 'alert.json', '--format', 'json');
    const { method, url, headers, body } = JSON.parse(out);
    expect([code, method, url]).toEqual([0, 'POST', 'http://127.0.0.1:1***/high']);
    expect(headers).toMatchObject({ authorization: 'Bearer ***', 'content-type': 'application/json' });
    expect(JSON.parse(body)).toEqual({ name: sampleAlert().title, token: '***' });
  });

  it('leaves words of the path that a body holds, too', async () => {
    const { out } = await call('cards', '--alert', 'alert.json', '--format', 'json');
    const { url, body } = JSON.parse(out);
    expect(url).toBe('http://127.0.0.1:1***');
    expect(JSON.parse(body).attachments[0].content.msteams).toEqual({ width: 'full' });
  });

  it('shows the mail that would be sent, and reaches no server', async () => {
    const { code, out } = await call('duty', '--alert', 'alert.json', '--format', 'json');
    const { method, url, headers, body } = JSON.parse(out);
    expect([code, method, url]).toEqual([0, 'SMTP', 'smtp://mail.example:587']);
    expect(headers).toMatchObject({
      From: 'Huntwire <hunt@example.com>',
      To: 'soc@example.com, duty@example.com',
      Subject: expect.stringContaining(sampleAlert().title),
      'Message-ID': `<${sampleAlert().id}@example.com>`,
    });
    expect(body).toContain(sampleAlert().rule.name);
    expect(() => JSON.parse(body)).toThrow();
  });

  it('shows what a vendor is sent, for people', async () => {
    const { code, out } = await call('pager', '--alert', 'alert.json');
    expect([code, out.split('\n')[0]]).toEqual([0, 'POST https://events.pagerduty.com/v2/enqueue']);
    expect(out).toContain('\n  "routing_key": "***",\n');
    expect(out).not.toContain(KEY);
  });

  it('shows each step of a target that has several', async () => {
    const { code, out } = await call('tickets', '--format', 'json');
    const { requests } = JSON.parse(out);
    expect([code, requests.length]).toEqual([0, expect.any(Number)]);
    expect(JSON.stringify(requests)).toContain('TEST: Huntwire reaches the target tickets');
    expect(out).not.toContain('token-77aa');
  });

  it.each(['tickets', 'records', 'cases', 'incidents'])('shows the ticket that %s would be made', async (target) => {
    const { out } = await call(target, '--format', 'json');
    const bodies = JSON.parse(out).requests.map(({ body }: { body: string }) => body);
    expect([bodies.length, bodies[0]]).toEqual([2, expect.not.stringContaining('TEST:')]);
    expect(bodies[1]).toContain(`TEST: Huntwire reaches the target ${target}`);
  });

  it.each([
    ['tickets', '/rest/api/2/issue/(ticket)/comment'],
    ['records', '/api/now/table/incident/(ticket)'],
    ['cases', '/api/v1/alert/(ticket)'],
    ['incidents', '/entry'],
  ])('shows what an update from a file says to the ticket that %s would have', async (target, path) => {
    const update = sampleAlert({ dedupKey: 'd'.repeat(32), revision: 1, title: 'it has grown' });
    writeFileSync(join(folder, 'update.json'), JSON.stringify(update));
    const shown = JSON.parse((await call(target, '--alert', 'update.json', '--format', 'json')).out);
    const said = [shown.requests ?? shown].flat().find(({ body }: { body: string }) => body.includes('it has grown'));
    expect(said.url).toContain(path);
  });

  it('shows a later message as one: under its own id, and to the ticket that is there', async () => {
    const webhook = JSON.parse((await call('soar', '--id', 'ab2', '--format', 'json')).out);
    expect(webhook.headers['webhook-id']).toBe('ab2-1');
    const { requests } = JSON.parse((await call('tickets', '--id', 'ab2', '--format', 'json')).out);
    const asked = requests.map(({ method, url }: { method: string; url: string }) => `${method} ${url}`);
    expect(asked.at(-1)).toMatch(/^POST .*\/issue\/SOC-7\/comment$/);
  });

  it.each([
    ['tickets', 'ab2', 'POST', '/rest/api/2/issue/SOC-7/comment'],
    ['records', 'ab2', 'PATCH', '/api/now/table/incident/sys7'],
    ['cases', 'ab2', 'PATCH', '/api/v1/alert/~7'],
    ['incidents', 'ab2', 'POST', '/entry'],
    ['tickets', 'fe3', 'POST', '/rest/api/2/issue/SOC-7/transitions'],
    ['records', 'fe3', 'PATCH', '/api/now/table/incident/sys7'],
    ['cases', 'fe3', 'PATCH', '/api/v1/alert/~7'],
    ['incidents', 'fe3', 'POST', '/incident/batchClose'],
  ])('shows what %s is sent of %s: %s %s', async (target, id, method, path) => {
    const { out } = await call(target, '--id', id, '--format', 'json');
    const shown = JSON.parse(out) as { requests?: readonly { method: string; url: string }[] };
    const last = (shown.requests ?? [JSON.parse(out)]).at(-1);
    expect([last?.method, decodeURIComponent(new URL(last?.url ?? '').pathname)]).toEqual([method, path]);
  });

  it('shows the line of syslog with its frame, and the payload of what is only written', async () => {
    expect((await call('siem', '--alert', 'alert.json')).out).toMatch(/^\d+ <131>1 .*CEF:0\|Huntwire\|/);
    const { out } = await call('screen', '--alert', 'alert.json', '--format', 'json');
    expect(JSON.parse(out)).toEqual({
      method: null,
      url: null,
      headers: {},
      body: expect.stringMatching(/^{"schemaVersion/),
    });
  });

  it('finds an alert of the state by the beginning of its id, the newest revision', async () => {
    expect((await call('screen', '--id', 'ab2')).out).toContain('the newest');
    expect(await call('screen', '--id', 'ab')).toMatchObject({ code: 2, err: expect.stringContaining('several') });
    expect(await call('screen', '--id', 'c')).toMatchObject({ code: 2, err: expect.stringContaining('no alert') });
  });

  it('refuses what it cannot do', async () => {
    expect(await call('sora')).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean "soar"?') });
    expect(await call('soar', '--id', 'a', '--alert', 'b')).toMatchObject({ code: 2 });
    expect(await call('soar', '--alert', 'huntwire.yaml')).toMatchObject({ code: 2 });
  });
});
