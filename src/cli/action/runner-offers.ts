import type { BackfillAsked, RunnerOffers } from '../../actions/running/offers.ts';
import { MINUTE_MS } from '../../lib/duration.ts';
import { HuntwireError } from '../../lib/errors.ts';
import { isRunnerOn, stateName } from '../../state/state-place.ts';
import { readWithBlocked } from '../read-config.ts';
import type { World } from '../terminal/world.ts';
import { type AskAction, askRunnerOf } from './ask-runner.ts';
import { documentOfVerb, type RehearsedDocument, rehearseByVerb } from './rehearse-by-verb.ts';

/** Longer than the longest action of a process that runs. */
const LIMIT_MS = 30 * MINUTE_MS;

/** What only who has the state's lock can do: a process that runs is asked for it over its HTTP; where none runs, the verb does it. */
export function runnerOffers(world: World, file: string, onExit: (exitCode: number) => void): Required<RunnerOffers> {
  const told = ({ document, exitCode }: RehearsedDocument): unknown => {
    onExit(exitCode);
    return document;
  };
  return {
    reload: async (signal) => {
      const ask = await runnerFor(world, file, 'reload', 'it is that process that reads everything again, asked');
      if (ask) return ask({}, signal);
      const message =
        'No process runs on this state, so that none has anything to read again: the next start reads it.';
      throw new HuntwireError('ACTION_NOT_OFFERED', message);
    },
    runRules: async (asked, signal) => {
      const ask = await runnerFor(world, file, 'run_rule', 'it is that process that runs rules, asked');
      return ask ? ask(asked, signal) : told(await rehearseByVerb(world, 'run_rule', asked, file));
    },
    backfillRule: async (asked, signal) => {
      const ask = await runnerFor(world, file, 'backfill_rule', 'a backfill works on the same ledger: it is asked for');
      return ask ? ask(asked, signal) : told(await backfillByVerb(world, asked, file));
    },
  };
}

/** Null: no process runs. */
async function runnerFor(world: World, file: string, slug: string, what: string): Promise<AskAction | null> {
  const { http, state } = readWithBlocked(world, file);
  if (!(await isRunnerOn(state))) return null;
  return askRunnerOf({ http }, await stateName(state), { slug, what, limitMs: LIMIT_MS });
}

/** To its end, as long as it takes: this process goes on with nothing behind its answer. */
async function backfillByVerb(world: World, asked: BackfillAsked, file: string): Promise<RehearsedDocument> {
  const { rule, from, to, tenant, noLimit, retell, dryRun, cancel } = asked;
  if (cancel) throw new HuntwireError('NOT_FOUND', `No backfill of rule ${rule} goes on.`);
  const options = Object.entries({ config: file, from, to, tenant, retell, format: 'json' });
  const { backfill } = await import('../backfill.ts');
  return documentOfVerb(world, backfill, [
    'backfill',
    ...options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
    ...(noLimit ? ['--no-limit'] : []),
    ...(dryRun ? ['--dry-run'] : ['--yes']),
    ...['--', rule],
  ]);
}
