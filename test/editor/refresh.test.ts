import { expect, it } from '@jest/globals';
import type { OpenDocument } from '../../src/editor/server/documents.ts';
import { createRefresh } from '../../src/editor/server/refresh.ts';
import type { Asker } from '../../src/editor/worker/asker.ts';
import { createManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';

const DOCUMENT: OpenDocument = { uri: 'file:///rules/a.yaml', file: '/rules/a.yaml', version: 1, text: 'id: a' };
const FOUND = { files: [], tested: 1 };

function refreshOf(ask: () => Promise<unknown>, tested = async (): Promise<void> => undefined) {
  const clock = createManualClock(0);
  const warned: unknown[] = [];
  const refresh = createRefresh({
    clock,
    log: { ...silentLog, warn: (_, fields) => void warned.push(fields) },
    pauses: { diagnose: 100, test: 300, together: 900 },
    connection: { sendDiagnostics: async () => undefined },
    asker: { ask } as unknown as Asker,
    documents: () => ({ get: () => DOCUMENT, ofFile: () => DOCUMENT, all: () => [DOCUMENT] }),
    tested,
  });
  return { refresh, warned, clock };
}

const failed = () => Promise.reject(new Error('as told'));
const TOLD = { file: DOCUMENT.file, error: 'Error: as told' };

it('a look at a text that fails is told', async () => {
  const { refresh, warned, clock } = refreshOf(failed);
  refresh.changed(DOCUMENT);
  await clock.advance(100);
  expect(warned).toEqual([TOLD]);
});

it('tests of a text that fail to run are told', async () => {
  const { refresh, warned, clock } = refreshOf(async () => FOUND, failed);
  refresh.changed(DOCUMENT);
  await clock.advance(1000);
  expect(warned).toEqual([TOLD]);
});

it('a look that is stopped says nothing', async () => {
  const { refresh, warned, clock } = refreshOf(failed);
  refresh.changed(DOCUMENT);
  refresh.changed({ ...DOCUMENT, version: 2 });
  refresh.stop();
  await clock.advance(1000);
  expect(warned).toEqual([]);
});
