import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { configText, documentOf, eventOf, MINUTE, openStage, ruleText, type Stage, T0 } from './stage.ts';

let stages: Stage[] = [];
afterEach(async () => {
  await Promise.all(stages.map((stage) => stage.close()));
  stages = [];
});

async function stageOf(more: string): Promise<Stage> {
  const stage = await openStage({ events: [eventOf('one', 1), eventOf('one', 2), eventOf('two', 3)] });
  stages.push(stage);
  stage.write('rules/one.yaml', ruleText('one'));
  stage.write('rules/two.yaml', ruleText('two'));
  stage.write('huntwire.yaml', configText(stage, 'graph', { more }));
  return stage;
}

const hidden = (stage: Stage) =>
  stage
    .alerts()
    .map(({ kind, rule, health, details }) => (kind === 'health' ? [health?.code, details.hidden] : rule.id));

describe('a silence from its beginning to its summary', () => {
  it('is added, hides, is ended and summed up once, with a link back', async () => {
    const stage = await stageOf('links: {alert: "https://console.example/{{tenant}}/{{id}}"}\n');
    const who = ['--owner', 'anna', '--reason', 'known', '--id', 'mine', '--for', '2h'];
    expect((await stage.cli('silence', 'add', '--match', 'rule="one"', ...who)).code).toBe(0);
    const runs = documentOf(await stage.cli('once', '--format', 'json')).runs as { suppressed: { silenced: number } }[];
    expect(runs.map(({ suppressed }) => suppressed.silenced).sort()).toEqual([0, 2]);
    expect(hidden(stage)).toEqual(['two']);
    const ended = documentOf(await stage.cli('silence', 'expire', 'mine', '--format', 'json'));
    expect(ended).toMatchObject({ silences: [{ id: 'mine', hidden: 2, state: 'ended' }] });
    for (let times = 0; times < 2; times += 1) {
      stage.later(15 * MINUTE);
      expect((await stage.cli('once')).code).toBe(0);
    }
    expect(hidden(stage)).toEqual(['two', ['silence-ended', 2]]);
    for (const { id, links } of stage.alerts())
      expect(links).toEqual({ alert: `https://console.example/default/${id}` });
  });

  it('and maintenance of the configuration, by when the events happened', async () => {
    const at = new Date(T0 - 10 * MINUTE);
    const cron = `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
    const stage = await stageOf(
      `maintenance: [{name: patch, match: ['rule="one"'], cron: "${cron}", duration: 8m, owner: ops, reason: patches}]\n`,
    );
    expect((await stage.cli('once')).code).toBe(0);
    expect(hidden(stage)).toEqual(['two', ['maintenance-ended', 2]]);
  });
});

describe('what is redacted', () => {
  it('reaches neither receivers nor the log nor the state', async () => {
    const key = 'a secret key of this test';
    const stage = await stageOf(`redact: {columns: [devicename], how: hash, key: "${key}"}\nlog: {level: debug}\n`);
    const ended = await stage.cli('once');
    expect([ended.code, stage.alerts().length]).toEqual([0, 3]);
    const state = readFileSync(join(stage.folder, 'state.db')).toString('latin1');
    for (const text of [JSON.stringify(stage.alerts()), ended.stdout, ended.stderr, state])
      expect(text).not.toMatch(/pc1|a secret key of this test/);
    const names = stage.alerts().map(({ evidence }) => evidence[0]?.DeviceName);
    expect(new Set(names)).toEqual(new Set([expect.stringMatching(/^hash:[0-9a-f]{16}$/)]));
  });
});
