import { describe, expect, it } from '@jest/globals';
import { commitAlerts, START, sampleAlert, sampleCommit, sampleMessage } from '../../state/samples.ts';
import { openConsole, READER } from './open-console.ts';
import { words } from './words.ts';

function listed(html: string): readonly string[] {
  return [...html.matchAll(/href="\/console\/alerts\/([^"/?]+)"/g)].map(([, id = '']) => id);
}

describe('the alerts', () => {
  it('come newest first, page by page, and nothing is counted', async () => {
    const { page, store } = openConsole();
    const ids = Array.from({ length: 120 }, (_, index) => `a${index}`);
    await commitAlerts(store, ids, ['soar']);
    const seen: string[] = [];
    let next = '/alerts';
    for (let pages = 0; next !== '' && pages < 5; pages += 1) {
      const { text } = await page(next);
      seen.push(...listed(text));
      next = (/href="\/console(\/alerts\?cursor=[^"]+)"/.exec(text)?.[1] ?? '').replaceAll('&amp;', '&');
      expect(text).not.toContain('120');
    }
    expect(seen).toEqual(ids.reverse());
  });

  it('are filtered by the address, which the next page keeps', async () => {
    const { page, store } = openConsole();
    const health = { kind: 'health', health: { code: 'gap', subject: 'x' } } as const;
    const alerts = [
      sampleAlert('low', { severity: 'low' }),
      sampleAlert('health', health),
      sampleAlert('over', { status: 'resolved' }),
      sampleAlert('other', { tenant: 'fabrikam' }),
      sampleAlert('b', { rule: { ...sampleAlert('x').rule, id: 'rule-b' } }),
    ];
    await store.commit(sampleCommit(store, { alerts, messages: alerts.map((one) => sampleMessage(one, 'soar')) }));
    const found = async (query: string) => listed((await page(`/alerts?${query}`)).text);
    expect(await found('severity=low')).toEqual(['low']);
    expect(await found('kind=health')).toEqual(['health']);
    expect(await found('status=resolved')).toEqual(['over']);
    expect(await found('tenant=fabrikam')).toEqual(['other']);
    expect(await found('rule=rule-b&severity=&since=24h')).toEqual(['b']);
    expect(await found('severity=nonsense')).toHaveLength(5);
    expect((await page('/alerts?since=nonsense')).status).toBe(400);
    expect((await page('/alerts?cursor=nonsense')).status).toBe(400);
  });
});

describe('an alert', () => {
  const HOSTILE = '<script>alert(1)</script>\u202egnp.exe \u001b[31m';

  async function openAlert() {
    const opened = openConsole({
      pages: {
        rendered: async () => [
          { method: 'POST', url: 'https://soar.example/hook', headers: { a: 'b' }, body: '{"x":"<i>"}' },
        ],
      },
    });
    const { store } = opened;
    const alert = sampleAlert('a1', {
      title: HOSTILE,
      description: HOSTILE,
      entities: [{ type: 'host', name: HOSTILE }],
      observables: [{ type: 'ip', value: '10.0.0.1' }],
      details: { Command: 'x'.repeat(1_000_000) },
      evidence: [{ DeviceName: HOSTILE, Count: 3 }],
    });
    await store.commit(
      sampleCommit(store, { alerts: [alert], messages: ['soar', 'siem'].map((one) => sampleMessage(alert, one)) }),
    );
    const entries = await Promise.all(
      ['soar', 'siem'].map((target) =>
        store.pending(target, { now: START, limit: 1, except: new Set(), ignoreBackoff: false }),
      ),
    );
    const [soar = 0, siem = 0] = entries.flat().map(({ id }) => id);
    await store.bury([{ id: soar, reason: 'HTTP 422', status: 422, answer: 'no such <field>', at: START }]);
    await store.keepReceipts([{ alertId: 'a1', target: 'siem', text: 'SEC-7', at: START }]);
    await store.delivered([siem], START + 3000);
    return opened;
  }

  it('is all of one: entities, evidence, run, and every delivery with what the receiver said', async () => {
    const { page } = await openAlert();
    const { text } = await page('/alerts/a1');
    const said = words(text);
    expect(said).toContain('10.0.0.1');
    expect(said).toContain('dead letter 1 1');
    expect(said).toContain('HTTP 422 The answer no such &lt;field&gt;');
    expect(said).toContain('siem delivered 1 1 2026-01-01 12:00:00Z 3s receipt SEC-7');
    expect(said).toContain('1 new, 1 known');
    expect(text).toContain('href="/console/alerts/a1/as/soar"');
  });

  it('says what it says as text: no markup, nothing that turns or hides, no line of a megabyte', async () => {
    const { page } = await openAlert();
    const { text } = await page('/alerts/a1');
    for (const piece of ['<script>alert', '\u202e', '\u001b']) expect(text).not.toContain(piece);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;\ufffdgnp.exe');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(50_000);
    expect(text.length).toBeLessThan(400_000);
  });

  it('says of another row of its rule why it was not told', async () => {
    const { page } = await openAlert();
    const { text } = await page('/alerts/a1?at=2026-01-01T11:50:00Z');
    expect(words(text)).toMatch(/Why was another row not told\?.* and got 2 rows: 1 new, and told; 1 known from/);
    expect(text).toContain('value="2026-01-01T11:50:00Z"');
    expect((await page('/alerts/a1?at=nonsense')).status).toBe(400);
  });

  it('is shown as each target gets it', async () => {
    const { page } = await openAlert();
    expect((await page('/alerts/a1/as/soar')).text).toContain('POST https://soar.example/hook');
    const long = openConsole({
      pages: {
        rendered: async () => [{ method: null, url: null, headers: {}, body: `${'x'.repeat(9_999)}\n`.repeat(31) }],
      },
    });
    expect((await long.page('/alerts/a1/as/soar')).text).toContain('(10000 more characters)');
    expect((await page('/alerts/a1/as/soar')).text).toContain('&quot;x&quot;: &quot;&lt;i&gt;&quot;');
  });

  it('is taken on by who may write, once they have said so again', async () => {
    const { page, send, asked, letIn } = await openAlert();
    expect((await page('/alerts/a1')).text).toContain('/alerts/a1/acknowledge');
    expect((await page('/alerts/a1/acknowledge')).text).toContain('Take this alert on?');
    expect((await send('/alerts/a1/acknowledge', { disposition: 'benign' })).headers.get('location')).toBe(
      '/console/alerts/a1',
    );
    expect((await send('/alerts/a1/acknowledge', { disposition: 'x' })).status).toBe(400);
    expect(asked).toEqual([{ slug: 'acknowledge_alert', input: { id: 'a1', disposition: 'benign' }, by: 'analyst' }]);
    await letIn(READER.token.reveal());
    expect((await page('/alerts/a1')).text).not.toContain('/acknowledge');
    expect((await page('/alerts/a1/acknowledge')).status).toBe(403);
    expect((await send('/alerts/a1/acknowledge', {})).status).toBe(403);
  });

  it('that is not kept is not there', async () => {
    const { page } = await openAlert();
    expect((await page('/alerts/a')).status).toBe(404);
  });
});
