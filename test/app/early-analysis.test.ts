import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { beginAnalysis } from '../../src/app/early-analysis.ts';
import { createMemoryCache } from '../../src/lib/cache.ts';
import { readRulesOfText } from '../../src/rules/read-text.ts';

let state = '';
beforeEach(() => {
  state = join(mkdtempSync(join(tmpdir(), 'early-')), 's.db');
});
afterEach(() => rmSync(join(state, '..'), { recursive: true }));

describe('the analysis that begins while rules are read', () => {
  it('does not where there is a state, which knows most answers, nor in a process that ends soon', () => {
    expect(beginAnalysis({ place: 'in-process' }, state)).toBeNull();
    writeFileSync(state, '');
    expect(beginAnalysis({ place: 'worker' }, state)).toBeNull();
  });

  it('reads what the texts say, and asks nothing of a few rules', async () => {
    const early = beginAnalysis({ place: 'worker' }, state);
    const text = 'id: a\nname: A\nseverity: low\nquery: DeviceEvents\nschedule: {every: 1h}\n';
    const { hash } = readRulesOfText('a.yaml', text).found[0]?.rule ?? {};
    expect((await early?.reader('a.yaml', text))?.found[0]?.rule?.hash).toBe(hash);
    expect((await early?.reader('b.yaml', 'id: ['))?.refused?.problems).toHaveLength(1);
    early?.stop();
    const cache = createMemoryCache();
    const analyst = await early?.join(cache);
    await analyst?.close();
    await early?.close();
    expect(hash).toHaveLength(64);
  });
});
