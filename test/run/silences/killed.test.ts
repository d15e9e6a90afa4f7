import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../../src/alerts/alert.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { createSilenceReader } from '../../../src/run/silences/read-silences.ts';
import { sumUp } from '../../../src/run/silences/sum-up.ts';
import { openSqliteStore } from '../../../src/state/sqlite-store.ts';
import type { Store } from '../../../src/state/store.ts';
import { silence } from '../../alerts/silence-samples.ts';
import { START, sampleCommit } from '../../state/samples.ts';
import { tries } from '../../tries.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'killed-silence-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HOUR = 3_600_000;
const clock = createManualClock(START);
const SILENCE = silence('s', 'rule="rule-a"', START - HOUR, START + HOUR);

/** A process: it opens the state, does its work, and may be killed before or after a commit of a summary. */
async function live(path: string, dies: 'before' | 'after' | 'never', work: (store: Store) => Promise<void>) {
  const store = openSqliteStore({ path, clock });
  const commitHealth: Store['commitHealth'] = async (commit) => {
    if (dies === 'before') throw new Error('killed');
    await store.commitHealth(commit);
    if (dies === 'after') throw new Error('killed');
  };
  await work({ ...store, commitHealth }).catch((thrown: Error) => expect(thrown.message).toBe('killed'));
  await store.close();
}

async function summaries(path: string): Promise<readonly Alert[]> {
  const store = openSqliteStore({ path, clock });
  const entries = await store.pending('soar', { now: START, limit: 99, except: new Set(), ignoreBackoff: true });
  await store.close();
  return entries.map(({ alert }) => alert);
}

describe('the summary of a silence', () => {
  it('is told once, whenever processes are killed, and counts what every committed run hid', async () => {
    const deaths = fc.array(fc.constantFrom('before' as const, 'after' as const, 'never' as const), { maxLength: 4 });
    const runs = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
    let files = 0;
    await fc.assert(
      fc.asyncProperty(deaths, runs, async (lives, hits) => {
        files += 1;
        const path = join(folder, `${files}.db`);
        await live(path, 'never', async (store) => {
          for (const count of hits) {
            const at = { since: START - HOUR, until: START + HOUR, firstAt: START, lastAt: START };
            const about = {
              counts: 'silenced',
              id: 's',
              severity: 'high',
              tenant: 'contoso',
              ruleId: 'rule-a',
            } as const;
            await store.commit(sampleCommit(store, { hidden: [{ ...about, ...at, hits: count }] }));
          }
        });
        for (const dies of [...lives, 'never'] as const)
          await live(path, dies, async (store) => {
            const silences = createSilenceReader(() => [SILENCE], store);
            const deps = { store, silences, healthTargets: ['soar'], committed: () => undefined, log: silentLog };
            await sumUp('contoso', START + 1, deps);
            await sumUp('contoso', START + HOUR, deps);
          });
        const total = hits.reduce((sum, count) => sum + count, 0);
        expect(await summaries(path)).toMatchObject([{ revision: 0, details: { hidden: total } }]);
      }),
      { numRuns: tries(5, 12) },
    );
  });
});
