import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/duration.ts';
import { makeRule } from '../../run/make-rule.ts';
import { commitAlerts, SAMPLE_STATE, START, sampleCommit, sampleRun } from '../../state/samples.ts';
import { openConsole } from './open-console.ts';
import { words } from './words.ts';

describe('the overview', () => {
  it('is one calm line where nothing needs anybody, with the time of the last answer', async () => {
    const { page, store, clock } = openConsole();
    await store.commit(sampleCommit(store));
    await clock.advance(5 * MINUTE_MS);
    const { status, text } = await page('/');
    expect(status).toBe(200);
    expect(words(text)).toContain('All clear: 1 rule. The last answer came 5m ago, at 2026-01-01 12:00:01Z');
    expect(text).not.toContain('class="needs"');
  });

  it('tells what needs a person, the worst first, each with the page that tells more', async () => {
    const rules = ['rule-a', 'rule-b', 'rule-c'].map((id) => makeRule({ id }));
    const { page, store } = openConsole({ rules });
    await commitAlerts(store, ['a1'], ['soar']);
    const failing = { ...SAMPLE_STATE, standing: 'failing', failingSince: START } as const;
    const error = { code: 'SOURCE_TIMEOUT', message: 'too <b>slow</b>' } as const;
    const of = (ruleId: string) => ({ ruleId, run: sampleRun(`run-${ruleId}`, { ruleId }) });
    await store.commit(sampleCommit(store, { ...of('rule-a'), rule: { ...failing, lastError: error } }));
    await store.commit(sampleCommit(store, { ...of('rule-b'), rule: { ...failing, standing: 'blocked' } }));
    const gap = {
      id: 'w',
      from: START - HOUR_MS,
      to: START,
      logicalTime: START,
      attempts: 5,
      outcome: 'gap',
      reason: 'x',
    } as const;
    await store.commit(sampleCommit(store, { ...of('rule-c'), rule: { ...SAMPLE_STATE, ledger: [gap] } }));
    const [entry] = await store.pending('soar', { now: START, limit: 1, except: new Set(), ignoreBackoff: false });
    await store.bury([{ id: entry?.id ?? 0, reason: 'HTTP 400', status: 400, answer: 'no', at: START }]);
    const state = await store.targetState('soar');
    await store.setTargetState({ ...state, blockedSince: START, reason: 'HTTP 401' });
    const { text } = await page('/');
    const links = [...text.matchAll(/<li><a href="([^"]+)">([^<]+)<\/a>(?!<\/li>)/g)].map(([, href, name]) => [
      href,
      name,
    ]);
    expect(links).toEqual([
      ['/console/targets', 'Target soar is blocked'],
      ['/console/rules/contoso/rule-b', 'rule-b (contoso) is blocked'],
      ['/console/rules/contoso/rule-a', 'rule-a (contoso) is failing'],
      ['/console/letters?target=soar', '1 dead letter of soar'],
      ['/console/rules/contoso/rule-c#windows', 'rule-c (contoso) has gaps'],
    ]);
    expect(text).toContain('too &lt;b&gt;slow&lt;/b&gt;');
  });

  it('says of how many further rules there are gaps', async () => {
    const rules = Array.from({ length: 22 }, (_, at) => makeRule({ id: `rule-${at}` }));
    const { page, store } = openConsole({ rules });
    const gap = { id: 'w', from: START - HOUR_MS, to: START, logicalTime: START, attempts: 5, reason: 'x' } as const;
    const ledger = [{ ...gap, outcome: 'gap' } as const];
    for (const { id: ruleId } of rules)
      await store.commit(
        sampleCommit(store, { ruleId, run: sampleRun(`run-${ruleId}`, { ruleId }), rule: { ...SAMPLE_STATE, ledger } }),
      );
    expect(words((await page('/')).text)).toContain('2 further rules with gaps');
  });

  it('counts messages by hour, tells how long deliveries took, and what of the quota is used', async () => {
    const { page, store, clock } = openConsole();
    await commitAlerts(store, ['a1', 'a2'], ['soar']);
    await clock.advance(HOUR_MS);
    await commitAlerts(store, ['a3'], ['soar']);
    const [entry] = await store.pending('soar', {
      now: START + HOUR_MS,
      limit: 1,
      except: new Set(),
      ignoreBackoff: false,
    });
    await store.delivered([entry?.id ?? 0], clock.now() + 2000);
    const text = words((await page('/')).text);
    expect(text).toContain('12:00Z 2');
    expect(text).toContain('13:00Z 1');
    expect(text).toContain('soar 1 1h 1h 1h');
    expect(text).toContain('contoso calls in an hour 700 1400');
  });
});
