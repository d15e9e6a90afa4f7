import { describe, expect, it } from '@jest/globals';
import { commitAlerts, START } from '../../state/samples.ts';
import { openConsole, READER } from './open-console.ts';
import { words } from './words.ts';

async function openWithLetters(count: number) {
  const opened = openConsole();
  const { store } = opened;
  await commitAlerts(
    store,
    Array.from({ length: count }, (_, index) => `a${index}`),
    ['soar'],
  );
  const entries = await store.pending('soar', { now: START, limit: 1000, except: new Set(), ignoreBackoff: false });
  await store.bury(
    entries.map(({ id }) => ({ id, reason: 'HTTP 400 <b>', status: 400, answer: '<i>no</i>', at: START })),
  );
  return opened;
}

describe('tenants, targets and machines', () => {
  it('tell how they stand', async () => {
    const { page, store } = openConsole();
    await commitAlerts(store, ['a1'], ['soar']);
    await store.noteRunner({
      verb: 'run',
      pid: 7,
      machine: 'm2',
      version: '1.0.0',
      startedAt: START,
      endedAt: null,
      rules: [],
    });
    expect(words((await page('/tenants')).text)).toContain('contoso calls in an hour 700 1400');
    expect(words((await page('/targets')).text)).toContain('soar unused closed 1 0ms ago 0 0 –');
    const machines = words((await page('/machines')).text);
    expect(machines).toContain('m2, process 7, version 1.0.0');
    expect(machines).toContain('The state is a file: nobody stands by.');
  });

  it('name those who share the work, and those who stand by', async () => {
    const machine = {
      machine: 'm3',
      pid: 9,
      verb: 'run',
      version: '1.0.0',
      runs: false,
      startedAt: START,
      silentMs: 2000,
      leases: [],
    };
    const leases = [
      { kind: 'chores', name: 'chores', fence: 3, takenAt: START },
      { kind: 'tenant', name: 'north', fence: 2, takenAt: START },
    ] as const;
    const machines = [{ ...machine, machine: 'm4', runs: true, leases }, machine];
    const { page } = openConsole({ pages: { machines: async () => ({ machines, takeovers: 1 }) } });
    const text = words((await page('/machines')).text);
    expect(text).toContain('m4 9 run 1.0.0 runs 2026-01-01 12:00:00Z 2s ago chores (3), tenant north (2)');
    expect(text).toContain('m3 9 run 1.0.0 stands by 2026-01-01 12:00:00Z 2s ago –');
  });
});

describe('dead letters', () => {
  it('come page by page, each with the answer that refused it', async () => {
    const { page } = await openWithLetters(60);
    const { text } = await page('/letters?target=soar');
    const before = /href="\/console(\/letters\?[^"]*before=[^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect([...text.matchAll(/href="\/console\/letters\/\d+"/g)]).toHaveLength(50);
    expect([...(await page(before)).text.matchAll(/href="\/console\/letters\/\d+"/g)]).toHaveLength(10);
    expect((await page('/letters/1')).text).toContain('&lt;i&gt;no&lt;/i&gt;');
    expect((await page('/letters/99')).status).toBe(404);
    expect((await page('/letters?reason=timeout')).text).toContain('There is none.');
  });

  it('are replayed or dropped by who may write, once they have said so again', async () => {
    const { page, send, asked, letIn } = await openWithLetters(1);
    expect((await page('/letters/drop?id=1')).text).toContain('It gives dead letter 1 up for good.');
    expect((await send('/letters/drop', { id: '1' })).headers.get('location')).toBe('/console/letters');
    await send('/letters/replay', { target: 'soar' });
    await send('/letters/replay', {});
    expect(asked).toEqual([
      { slug: 'drop_dead_letter', input: { ids: ['1'] }, by: 'analyst' },
      { slug: 'replay_dead_letter', input: { target: 'soar' }, by: 'analyst' },
      { slug: 'replay_dead_letter', input: { all: true }, by: 'analyst' },
    ]);
    await letIn(READER.token.reveal());
    expect((await page('/letters/1')).text).not.toContain('Drop it');
    expect((await page('/letters/drop?id=1')).status).toBe(403);
    expect((await send('/letters/drop', { id: '1' })).status).toBe(403);
  });
});

describe('silences', () => {
  it('are added and expired by who may write, once they have said so again', async () => {
    const { page, send, asked, store } = openConsole();
    const silence = {
      id: 's1',
      match: ['rule="x"'],
      owner: 'me',
      reason: '<why>',
      starts: null,
      ends: START + 1000,
      addedAt: START,
    };
    await store.addSilence(silence);
    expect((await page('/silences')).text).toContain('&lt;why&gt;');
    const asking = await page('/silences/add?match=rule%3D%22x%22%0D%0Atenant%3D%22y%22&for=4h&reason=r&owner=o');
    expect(words(asking.text)).toContain('rule=&quot;x&quot;, tenant=&quot;y&quot;');
    expect((await page('/silences/add?match=a&for=4h&owner=o&reason=%E2%80%AEr')).text).toMatch(
      /\ufffdr<\/dd>[\s\S]*name="reason" value="\u202er"/,
    );
    expect(asking.text).toContain('name="match" value="rule=&quot;x&quot;\ntenant=&quot;y&quot;"');
    expect(asked).toEqual([]);
    await send('/silences/add', { match: 'rule="x"\r\n\r\ntenant="y"', for: '4h', reason: 'r', owner: 'o' });
    await send('/silences/expire', { id: 's1' });
    expect(asked).toEqual([
      {
        slug: 'add_silence',
        input: { match: ['rule="x"', 'tenant="y"'], for: '4h', reason: 'r', owner: 'o' },
        by: 'analyst',
      },
      { slug: 'expire_silence', input: { ids: ['s1'] }, by: 'analyst' },
    ]);
  });
});

describe('the audit', () => {
  it('says who changed what, newest first', async () => {
    const { page, store } = openConsole();
    await store.noteAudit({
      who: 'eve',
      at: START,
      action: 'reload',
      subject: 'configuration',
      before: null,
      after: { a: 1 },
    });
    await store.noteAudit({ who: 'bob', at: START + 1, action: 'reload', subject: '<x>', before: null, after: null });
    const { text } = await page('/audit');
    expect(text.indexOf('bob')).toBeLessThan(text.indexOf('eve'));
    expect(text).toContain('&lt;x&gt;');
    expect((await page('/audit?who=eve')).text).not.toContain('bob');
    expect(text).not.toContain('>Older<');
  });

  it('comes page by page, with its filter', async () => {
    const { page, store } = openConsole();
    for (let at = 0; at < 101; at += 1)
      await store.noteAudit({ who: 'eve', at, action: 'reload', subject: `no-${at}-`, before: null, after: null });
    const { text } = await page('/audit?who=eve');
    const older = /href="\/console(\/audit\?who=eve&amp;before=\d+)">Older</.exec(text)?.[1]?.replace('&amp;', '&');
    expect([text.includes('no-1-'), text.includes('no-0-')]).toEqual([true, false]);
    expect((await page(older ?? '')).text).toContain('no-0-');
  });
});
