import { expect, it } from '@jest/globals';
import type { Connection } from 'vscode-languageserver';
import { showTests } from '../../src/editor/server/shown-tests.ts';
import type { Asker } from '../../src/editor/worker/asker.ts';
import { silentLog } from '../../src/lib/log.ts';

it('results that an editor refuses to show anew are told', async () => {
  const told: unknown[] = [];
  const inlayHint = { on: () => undefined, refresh: () => Promise.reject(new Error('not now')) };
  const shown = showTests({
    connection: { languages: { inlayHint } } as unknown as Connection,
    log: { ...silentLog, warn: (message, fields) => void told.push(message, fields) },
    tester: {} as Asker,
    documents: () => ({ get: () => null, ofFile: () => null, all: () => [] }),
    refreshes: () => true,
  });
  shown.show({ hints: [], passed: 0, failed: 0, lines: [] });
  await new Promise(setImmediate);
  expect(told).toEqual([
    'the editor did not show results of tests anew',
    { error: expect.stringContaining('not now') },
  ]);
});
