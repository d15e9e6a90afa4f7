import { defineAction } from '../action.ts';
import type { ActionDeps } from '../action-deps.ts';
import { flag, takes, words } from '../schema.ts';
import { SILENCES_DOCUMENT, type SilenceRow, serviceTime, silenceRows } from './silence-rows.ts';

export interface SilencesAsked {
  readonly ids?: readonly string[];
  readonly all?: boolean;
}

export const listSilences = defineAction<SilencesAsked>({
  uuid: '5d7f6f0e-93a5-4f2d-8f33-6a1f0b7c9e11',
  slug: 'list_silences',
  name: 'List silences',
  description: 'Silences of the configuration and of the state, and how much each hid.',
  scope: 'read',
  command: ['huntwire', 'silence', 'list', '--format', 'json'],
  input: takes({
    ids: words('Names of silences.', '[ids...]'),
    all: flag('Also those that have ended.', '--all'),
  }),
  results: SILENCES_DOCUMENT,
  run: async (input, deps) => ({ silences: await silencesAsked(input, deps) }),
});

/** Those named, whether they have ended or not; where none is, those that hold now or later. */
export async function silencesAsked(
  { ids = [], all = false }: SilencesAsked,
  { config, clock, reading }: Pick<ActionDeps, 'config' | 'clock' | 'reading'>,
): Promise<readonly SilenceRow[]> {
  const rows = await reading(async (store) => silenceRows(config, store, await serviceTime(clock, config, store)));
  return rows.filter(({ id, state }) => (ids.length > 0 ? ids.includes(id) : all || state !== 'ended'));
}
