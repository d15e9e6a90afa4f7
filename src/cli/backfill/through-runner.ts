import type { Config } from '../../config/config.ts';
import { MINUTE_MS } from '../../lib/duration.ts';
import type { BackfillWish } from '../../state/store.ts';
import { askRunnerOf } from '../action/ask-runner.ts';
import type { World } from '../terminal/world.ts';
import type { BackfillDocument } from './backfill-document.ts';

/** Asks the action `backfill_rule` of the process that runs and gives its document. */
export type AskRunner = (input: Readonly<Record<string, unknown>>) => Promise<BackfillDocument>;

export interface RunnerAsked {
  readonly tenant: string;
  readonly rule: string;
  readonly wish: BackfillWish;
  readonly onProgress: (document: BackfillDocument) => void;
}

/** How often what came of it so far is asked for. */
const FOLLOW = '2s';

/**
 * Has the process that runs search: its ledger, its quota and its deliveries are the only ones. Follows it to its end; where the world's
 * signal aborts it is cancelled, and can be gone on with.
 */
export async function backfillThroughRunner(
  { signal }: Pick<World, 'signal'>,
  { tenant, rule, wish, onProgress }: RunnerAsked,
  ask: AskRunner,
): Promise<BackfillDocument> {
  const { from, to, noLimit, retell } = wish;
  const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), noLimit };
  const input = { tenant, rule, ...range, ...(retell && { retell: 'excepted' }), wait: FOLLOW };
  for (;;) {
    const document = await ask(input);
    onProgress(document);
    if (!document.running) return document;
    if (signal.aborted) return ask({ ...input, cancel: true });
  }
}

const BACKFILL = {
  slug: 'backfill_rule',
  what: 'a backfill works on the same ledger: it is asked for',
  limitMs: MINUTE_MS,
};

/** Who can be asked for it by the configuration; STATE_LOCKED with a sentence where nobody can. */
export function runnerOf(config: Pick<Config, 'http'>, stateName: string): AskRunner {
  const ask = askRunnerOf(config, stateName, BACKFILL);
  return async (input) => (await ask(input)) as BackfillDocument;
}
