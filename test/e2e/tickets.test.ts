import { afterEach, describe, expect, it } from '@jest/globals';
import { startJira } from '../targets/vendors/jira.ts';
import type { Fault } from '../targets/vendors/stand-in.ts';
import type { TicketStandIn } from '../targets/vendors/tickets.ts';
import { configText, documentOf, eventOf, MINUTE, openStage, ruleText, type Stage } from './stage.ts';

const TOKEN = 'pat-of-jira-0123456789';

let open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

/** A stage whose health alerts are issues of Jira. */
async function stageWithJira(faults: Fault[]): Promise<{ stage: Stage; jira: TicketStandIn }> {
  const jira = await startJira({ version: 2, authorization: `Bearer ${TOKEN}` }, faults);
  const stage = await openStage({ events: [eventOf('one', 1)], env: { JIRA: TOKEN } });
  open.push(stage, { close: jira.stop });
  const auth = `auth: {bearer: "\${env:JIRA}"}, resolveTransition: Done`;
  const tickets = `  tickets: {type: jira, url: "${jira.base}", project: SEC, ${auth}}`;
  stage.write('huntwire.yaml', configText(stage, 'graph', { targets: tickets, more: 'health: {targets: [tickets]}' }));
  return { stage, jira };
}

const broken = ruleText('one').replace('DeviceEvents', 'NoSuchTable_CL');

describe('a health alert that is an issue of Jira', () => {
  it('opens one, although the answer was lost, and closes it when the rule is mended', async () => {
    const { stage, jira } = await stageWithJira(['none', 'lost']);
    stage.write('rules/one.yaml', broken);
    const first = await stage.cli('once', '--format', 'json', '--wait', '30m');
    expect(documentOf(first).runs).toMatchObject([{ outcome: 'blocked' }]);
    expect(jira.tickets()).toMatchObject([{ key: 'SEC-1', isOpen: true }]);
    stage.write('rules/one.yaml', ruleText('one'));
    stage.later(20 * MINUTE);
    const searches = jira.received.filter(({ path }) => path.endsWith('/search')).length;
    const second = await stage.cli('once', '--format', 'json', '--wait', '30m');
    expect(documentOf(second).runs).toMatchObject([{ outcome: 'ok' }]);
    expect(jira.tickets()).toMatchObject([
      { key: 'SEC-1', isOpen: false, notes: [expect.stringContaining('Resolved')] },
    ]);
    expect(jira.received.filter(({ path }) => path.endsWith('/search'))).toHaveLength(searches);
    expect(first.stdout + first.stderr + second.stdout + second.stderr).not.toContain(TOKEN);
  });
});
