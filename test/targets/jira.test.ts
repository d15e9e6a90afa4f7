import { afterEach, describe, expect, it } from '@jest/globals';
import { JIRA } from '../../src/formats/presets/jira.ts';
import { Secret } from '../../src/lib/secret.ts';
import { configSchema, create, type JiraConfig } from '../../src/targets/jira.ts';
import { jiraAddress } from '../../src/targets/tickets/jira-address.ts';
import { assertLeaksNoSecret, describeTarget } from '../contract/target.ts';
import { describeTickets } from '../contract/tickets.ts';
import { noSignal, sampleDelivery, targetDeps } from './sample-alert.ts';
import { type JiraRules, startJira } from './vendors/jira.ts';
import type { Fault } from './vendors/stand-in.ts';

const TOKEN = 'ATATT-token-of-jira';
const BASIC = `Basic ${Buffer.from(`bot@example.com:${TOKEN}`).toString('base64')}`;
const AUTHS = {
  3: { auth: { basic: { user: 'bot@example.com', password: new Secret(TOKEN) } }, authorization: BASIC },
  2: { auth: { bearer: new Secret(TOKEN) }, authorization: `Bearer ${TOKEN}` },
};
const open: { close(): Promise<void> }[] = [];

async function begin(version: 2 | 3, faults: Fault[], rules: Partial<JiraRules>, changes: Partial<JiraConfig>) {
  const { auth, authorization } = AUTHS[version];
  const vendor = await startJira({ version, authorization, ...rules }, faults);
  const config = {
    type: 'jira' as const,
    url: new Secret(vendor.base),
    project: 'SEC',
    auth,
    resolveTransition: 'close issue',
    ...changes,
  };
  return { vendor, target: create(config, targetDeps({ preset: JIRA })) };
}

async function start(faults: Fault[] = [], rules: Partial<JiraRules> = {}, changes: Partial<JiraConfig> = {}) {
  const started = await begin(rules.version ?? 3, faults, rules, changes);
  open.push({ close: started.vendor.stop }, started.target);
  return started;
}

const resolve = (receipt: string) => ({ ...sampleDelivery(undefined, { status: 'resolved', revision: 1 }), receipt });

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

describeTarget({
  type: 'jira',
  configSchema,
  config: {
    type: 'jira',
    url: 'https://example.atlassian.net',
    project: 'SEC',
    issueType: 'Bug',
    auth: { basic: { user: 'bot@example.com', password: TOKEN } },
    resolveTransition: 'Done',
    severityMap: { critical: 'Blocker' },
  },
  make: async () => {
    const { vendor, target } = await begin(3, [], {}, {});
    const received = async () => vendor.tickets().map(({ alertId }) => alertId);
    const stop = async () => {
      await target.close();
      await vendor.stop();
    };
    return { target, passTime: async () => undefined, received, stop };
  },
});

for (const version of [2, 3] as const)
  describeTickets({ type: `jira v${version}`, start: (faults) => begin(version, faults, {}, {}), notesOnce: true });

describe('an issue of Jira', () => {
  it('says what happened, how bad it is and where', async () => {
    const { vendor, target } = await start([], {}, { severityMap: { high: 'Highest' } });
    const delivery = sampleDelivery(undefined, {
      entities: [{ type: 'host', name: 'pc1', id: 'd1' }],
      evidence: [{ DeviceName: 'pc1', Empty: '', Count: 2 }],
      rowCount: 3,
    });
    expect(await target.deliver(delivery, noSignal())).toEqual({ kind: 'delivered', receipt: 'SEC-1' });
    const { summary, priority, description } = vendor.tickets()[0]?.document ?? {};
    expect([summary, priority]).toEqual(['Encoded command on pc1', { name: 'Highest' }]);
    const text = JSON.stringify(description);
    for (const part of [
      'An encoded command was started.',
      'pc1 – id d1',
      'Evidence (1 of 3 rows)',
      'DeviceName  Count',
    ])
      expect(text).toContain(part);
  });

  it.each<[string, Fault[], Partial<JiraRules>, object | undefined]>([
    ['takes the priority', [], {}, { name: 'Highest' }],
    ['is commented on alone, as the project has no priorities', [], { priorities: false }, undefined],
    ['is commented on alone, as nobody may edit it', ['none', 'none', { status: 403 }], {}, { name: 'Medium' }],
  ])('of an alert that has become critical %s', async (_, faults, rules, priority) => {
    const { vendor, target } = await start(faults, rules);
    const told = sampleDelivery(undefined, { severity: 'medium' });
    await target.deliver(told, noSignal());
    const change = { kind: 'severity', since: told.alert.time, reason: 'It has.' } as const;
    const risen = sampleDelivery(undefined, { severity: 'critical', revision: 1, change });
    expect(await target.deliver({ ...risen, receipt: 'SEC-1' }, noSignal())).toMatchObject({ kind: 'delivered' });
    expect(vendor.tickets()).toMatchObject([{ notes: [expect.stringContaining('critical')] }]);
    expect(vendor.tickets()[0]?.document.priority).toEqual(priority);
  });

  it('is made without a priority where the project has none', async () => {
    const { vendor, target } = await start([], { priorities: false });
    expect(await target.deliver(sampleDelivery(), noSignal())).toEqual({ kind: 'delivered', receipt: 'SEC-1' });
    expect(vendor.tickets()[0]?.document).not.toHaveProperty('priority');
  });

  it.each([
    [{ issueType: 'Incident' }, 'Jira refuses the issueType: Specify an issue type'],
    [{ project: 'SOC' }, "Jira refuses to search the project: The value 'SOC' does not exist for the field 'project'."],
  ])('waits while %j is wrong, and says so', async (changes, reason) => {
    const { vendor, target } = await start([], {}, changes);
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ kind: 'blocked', status: 400, reason });
    expect(vendor.tickets()).toEqual([]);
  });

  it('is moved by the name of the status, too, and never by a transition that is not there', async () => {
    const { vendor, target } = await start([], {}, { resolveTransition: 'done' });
    await target.deliver(sampleDelivery(), noSignal());
    expect(await target.deliver(resolve('SEC-1'), noSignal())).toMatchObject({ kind: 'delivered' });
    expect(vendor.tickets()[0]?.isOpen).toBe(false);
    const other = await start([], {}, { resolveTransition: 'Archive' });
    await other.target.deliver(sampleDelivery(), noSignal());
    expect(await other.target.deliver(resolve('SEC-1'), noSignal())).toMatchObject({
      kind: 'refused',
      reason: 'Jira has no transition "Archive" for SEC-1 as it stands; it offers "Start work", "Close issue"',
    });
  });

  it('gets a comment only where no transition is configured', async () => {
    const { vendor, target } = await start();
    const { target: bare } = await start(
      [],
      {},
      { url: new Secret(vendor.base), resolveTransition: undefined as never },
    );
    await bare.deliver(sampleDelivery(), noSignal());
    expect(await bare.deliver(resolve('SEC-1'), noSignal())).toMatchObject({ kind: 'delivered' });
    expect(vendor.tickets()).toMatchObject([{ isOpen: true, notes: [expect.stringContaining('Resolved')] }]);
    expect(target.type).toBe('jira');
  });

  it('is text that no markup can break at Data Center', async () => {
    const { vendor, target } = await start([], { version: 2 });
    const delivery = sampleDelivery(undefined, { description: '{noformat}[x|http://evil.example]{noformat}' });
    await target.deliver(delivery, noSignal());
    const text = String(vendor.tickets()[0]?.document.description);
    expect(text.match(/\{noformat/g)).toHaveLength(2);
  });

  it('is not looked for any further where a search shows issues of others', async () => {
    const other = { key: 'SEC-9', fields: { labels: ['huntwire-of-another'] } };
    const { vendor, target } = await start([{ status: 200, body: { issues: [other] } }]);
    expect(await target.deliver(sampleDelivery(), noSignal())).toMatchObject({ kind: 'blocked' });
    expect(vendor.tickets()).toEqual([]);
  });

  it.each([
    [429, 'again'],
    [503, 'again'],
    [409, 'again'],
    [401, 'blocked'],
    [403, 'blocked'],
    [404, 'blocked'],
    [302, 'blocked'],
    [400, 'refused'],
  ])('takes an answer %i for %s, and shows the token nowhere', async (status, kind) => {
    const { target } = await start([
      'none',
      { status, body: `no: ${TOKEN} ${BASIC}`, headers: { 'retry-after': '7' } },
    ]);
    const result = await target.deliver(sampleDelivery(), noSignal());
    expect(result).toMatchObject({
      kind,
      reason: `Jira answered ${status}${status === 302 ? ', and redirects are not followed' : ''}`,
    });
    if (status === 429) expect(result).toMatchObject({ retryAfterMs: 7000 });
    assertLeaksNoSecret([result], [TOKEN, BASIC]);
  });

  it('is not taken for deleted where a page says 404 that is not of Jira', async () => {
    const { target } = await start([{ status: 404, body: '<html></html>' }]);
    expect(await target.deliver(resolve('SEC-1'), noSignal())).toMatchObject({ kind: 'blocked', status: 404 });
  });

  it.each([
    ['https://example.atlassian.net', 'https://example.atlassian.net/rest/api/3', true],
    ['https://api.atlassian.com/ex/jira/11', 'https://api.atlassian.com/ex/jira/11/rest/api/3', true],
    ['https://jira.example.com/jira/', 'https://jira.example.com/jira/rest/api/2', false],
    ['http://127.0.0.1:1/rest/api/3/', 'http://127.0.0.1:1/rest/api/3', true],
    ['https://x.atlassian.net/rest/api/2', 'https://x.atlassian.net/rest/api/2', false],
    ['https://atlassian.net.example.com', 'https://atlassian.net.example.com/rest/api/2', false],
  ])('of %s is at %s', (base, url, isCloud) => {
    const address = jiraAddress(new URL(base));
    expect([address.url.href, address.isCloud]).toEqual([url, isCloud]);
  });
});
