import { describe, expect, it } from '@jest/globals';
import { createConsolePages } from '../../../src/actions/pages/console-pages.ts';
import type { PageDeps } from '../../../src/actions/pages/page-deps.ts';
import { createManualClock, type ManualClock } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../../src/run/windows.ts';
import { openMemoryStore } from '../../../src/state/sqlite-store.ts';
import type { Store } from '../../../src/state/store.ts';
import { commitAlerts, START } from '../../state/samples.ts';
import { openConsole } from './open-console.ts';
import { words } from './words.ts';

interface HeldBack {
  readonly store: Store;
  readonly looks: () => number;
  readonly release: () => void;
}

/** A store of which the look back through finished deliveries takes until it is released. */
function heldBack(clock: ManualClock): HeldBack {
  const store = openMemoryStore({ clock });
  let [looks, release] = [0, () => {}];
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const targetNotes: Store['targetNotes'] = async (targets, looksBack = true) => {
    if (looksBack) looks += 1;
    if (looksBack) await released;
    return store.targetNotes(targets, looksBack);
  };
  return { store: { ...store, targetNotes } as Store, looks: () => looks, release: () => release() };
}

describe('the first look', () => {
  it('at targets does not wait for a long look back, says so, and shares it', async () => {
    const clock = createManualClock(START);
    const { store, looks, release } = heldBack(clock);
    await commitAlerts(store, ['a1'], ['soar']);
    const { page, letIn } = openConsole({ clock, pages: { store } });
    await letIn();
    for (let turn = 0; turn < 2; turn += 1) {
      const asked = page('/targets');
      while (looks() === 0) await clock.advance(0);
      await clock.advance(100);
      const text = words((await asked).text);
      expect(text).toContain('What was delivered is being read');
      expect(text).toContain('soar being read closed 1');
    }
    expect(looks()).toBe(1);
    release();
    expect(words((await page('/targets')).text)).toContain('soar unused closed 1');
  });

  it('at what needs a person never looks back', async () => {
    const clock = createManualClock(START);
    const { store, looks } = heldBack(clock);
    await commitAlerts(store, ['a1'], ['soar']);
    expect(words((await openConsole({ clock, pages: { store } }).page('/')).text)).toContain('All clear');
    expect(looks()).toBe(0);
  });

  it('at rules is had before anybody looks, and again by who looks where that failed', async () => {
    const clock = createManualClock(START);
    const store = openMemoryStore({ clock });
    let reads = 0;
    const ruleStates: Store['ruleStates'] = async () => {
      reads += 1;
      if (reads === 1) throw new Error('away');
      return store.ruleStates();
    };
    const deps = {
      ...{ clock, log: silentLog, settings: DEFAULT_WINDOW_SETTINGS, tenants: [], store: { ...store, ruleStates } },
      config: { tenants: [], targets: new Map(), fallbacks: new Map(), silences: [], heartbeat: null },
    } as unknown as PageDeps;
    const pages = createConsolePages(deps, new AbortController().signal);
    await pages.prepare();
    expect(reads).toBe(1);
    await pages.prepare();
    await pages.rules({}, 0);
    expect(reads).toBe(2);
  });
});
