import { HuntwireError } from '../../lib/errors.ts';
import { defineAction } from '../action.ts';
import type { ActionDeps } from '../action-deps.ts';
import { takes, words } from '../schema.ts';
import { SILENCES_DOCUMENT, type SilenceRow, serviceTime, silenceRowOf } from './silence-rows.ts';

export const expireSilence = defineAction<{ readonly ids: readonly string[] }>({
  uuid: '8e61b9d7-4c1f-4b57-a0c8-2f9d6e5b3a33',
  slug: 'expire_silence',
  name: 'Expire silences',
  description: 'Ends silences of the state now.',
  scope: 'write',
  command: ['huntwire', 'silence', 'expire', '--format', 'json'],
  input: takes({ ids: { ...words('Names of silences.', '<ids...>'), minItems: 1 } }, ['ids']),
  results: SILENCES_DOCUMENT,
  run: async ({ ids }, deps) => ({ silences: await expireSilences(ids, deps) }),
});

/** Ends silences of the state; gives those that did not end before. One of the configuration is a USAGE error: nothing was ended then. */
export async function expireSilences(
  ids: readonly string[],
  { by, config, clock, writing }: Pick<ActionDeps, 'by' | 'config' | 'clock' | 'writing'>,
): Promise<readonly SilenceRow[]> {
  const configured = config.silences.find(({ id, counts }) => counts === 'silenced' && ids.includes(id));
  if (configured)
    throw new HuntwireError(
      'USAGE',
      `The silence ${configured.id} stands in ${config.file}: take it out there, or give it another end, and restart.`,
    );
  return writing(async (store) => {
    const now = await serviceTime(clock, config, store);
    const ended = await store.expireSilences(ids, now, { who: by, at: clock.now() });
    const totals = await store.hiddenTotals();
    return ended.map((record) => silenceRowOf({ ...record, from: 'state' }, totals, now));
  });
}
