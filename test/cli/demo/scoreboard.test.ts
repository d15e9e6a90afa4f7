import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../src/alerts/alert.ts';
import { demoReport } from '../../../src/cli/demo/report.ts';
import {
  areAllFound,
  createScoreboard,
  isAllReceived,
  missingAt,
  noteCommit,
  noteMessage,
  notePost,
} from '../../../src/cli/demo/scoreboard.ts';
import type { PlantedAttack } from '../../../src/emulator/company/company.ts';
import type { Commit } from '../../../src/state/store.ts';

const AT = Date.parse('2026-01-10T12:00:00Z');
const ATTACK: PlantedAttack = {
  name: 'Break-in',
  story: 'Somebody breaks in.',
  at: AT,
  arrivedAt: AT + 1000,
  marks: [{ DeviceId: 'd', ReportId: 7 }],
  arrivals: [],
};

function alertWith(evidence: readonly object[], kind = 'detection'): Alert {
  return { id: 'abc', revision: 0, kind, title: 'T', rule: { id: 'r' }, evidence } as unknown as Alert;
}

function postOf(alert: Alert, verified = true) {
  return { messageId: 'abc', verified, body: JSON.stringify(alert) };
}

function scene() {
  const scoreboard = createScoreboard();
  scoreboard.attacks.push(ATTACK);
  noteCommit(scoreboard, commitOf('abc', alertWith([])));
  return scoreboard;
}

function commitOf(messageId: string, alert: Alert): Commit {
  const run = { ruleId: 'r', rows: 2, hits: 1, alerts: 1, error: null };
  const messages = ['soar', 'siem'].map((target) => ({ messageId, alertId: alert.id, target }));
  return { run, alerts: [alert], messages } as unknown as Commit;
}

const SYSLOG = { text: '', payload: 'CEF:0|a|b|1|r|T|5|externalId=abc rt=1 cn1=0 cn1Label=revision' };
const TIMES = { from: AT, to: AT + 600_000, factor: 60, wallMs: 10_000, hung: false, interrupted: false };

describe('the scoreboard', () => {
  it('is complete when the attack was shown and both receivers have every message', () => {
    const scoreboard = scene();
    expect(missingAt(scoreboard, 'soar')).toEqual(['abc']);
    const received = notePost(scoreboard, postOf(alertWith([{ DeviceId: 'd', ReportId: '7' }])), AT + 90_000);
    expect(received?.attacks).toEqual([ATTACK]);
    expect([areAllFound(scoreboard), isAllReceived(scoreboard)]).toEqual([true, false]);
    noteMessage(scoreboard, SYSLOG);
    expect(isAllReceived(scoreboard)).toBe(true);
    const report = demoReport(scoreboard, ['r', 'idle'], TIMES);
    expect(report.ok).toBe(true);
    expect(report.attacks[0]).toMatchObject({ foundBy: 'r', foundAfterSeconds: 90, webhook: true, syslog: true });
    expect(report.rules).toMatchObject([
      { rule: 'r', runs: 1, rows: 2, alerts: 1, delivered: { soar: 1, siem: 1 } },
      { rule: 'idle', runs: 0, delivered: { soar: 0, siem: 0 } },
    ]);
  });

  it('counts health alerts for no rule, and nothing once it is closed', () => {
    const scoreboard = scene();
    noteCommit(scoreboard, commitOf('sick', { ...alertWith([], 'health'), id: 'sick' }));
    scoreboard.closed = true;
    noteCommit(scoreboard, commitOf('late', { ...alertWith([]), id: 'late' }));
    expect(missingAt(scoreboard, 'soar')).toEqual(['abc', 'sick']);
    for (const messageId of ['abc', 'sick']) notePost(scoreboard, { ...postOf(alertWith([])), messageId }, AT);
    expect(demoReport(scoreboard, ['r'], TIMES).rules[0]).toMatchObject({ runs: 2, delivered: { soar: 1, siem: 0 } });
  });

  it('counts a repeat once', () => {
    const scoreboard = scene();
    const post = postOf(alertWith([]));
    expect(notePost(scoreboard, post, AT)).not.toBeNull();
    expect(notePost(scoreboard, post, AT)).toBeNull();
    expect(scoreboard.alerts).toHaveLength(1);
  });

  it('takes no alert that is not signed, and says so', () => {
    const scoreboard = scene();
    expect(notePost(scoreboard, postOf(alertWith([{ DeviceId: 'd', ReportId: 7 }]), false), AT)).toBeNull();
    noteMessage(scoreboard, SYSLOG);
    const report = demoReport(scoreboard, ['r'], TIMES);
    expect(report).toMatchObject({ ok: false, missing: { soar: ['abc'], siem: [] } });
    expect(report.refused[0]).toContain('not signed');
    expect(report.attacks[0]).toMatchObject({ foundBy: null, foundAfterSeconds: null, webhook: false, syslog: false });
  });

  it('tells alerts that show no attack, health alerts among them', () => {
    const scoreboard = scene();
    notePost(scoreboard, postOf(alertWith([{ DeviceId: 'd', ReportId: 7 }], 'health')), AT);
    expect(demoReport(scoreboard, [], TIMES).otherAlerts).toEqual(['T']);
  });

  it('refuses a syslog message without alert id or revision', () => {
    const scoreboard = scene();
    noteMessage(scoreboard, { text: '', payload: 'CEF:0|a|b|1|r|T|5|externalId=abc' });
    noteMessage(scoreboard, { text: '', payload: 'hello' });
    expect(scoreboard.refused).toHaveLength(2);
    expect(missingAt(scoreboard, 'siem')).toEqual(['abc']);
  });
});
