import type { Clock } from '../../lib/clock.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { LoadedRule, ReloadRecord, RunnerRecord } from '../../state/runner-record.ts';
import type { Store } from '../../state/store.ts';

export interface IntroductionInput {
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly process: Pick<RunnerRecord, 'verb' | 'pid' | 'machine'>;
}

/** What this process says of itself in the state. */
export interface RunnerIntroduction {
  /** Says which of its rules do not run, and why. */
  leaveOut(refused: ReadonlyMap<string, string>): Promise<void>;
  /** Says what came of a reload, and which rules it has since; `rules` is left out where they stayed. */
  noteReload(reload: ReloadRecord, rules?: readonly LoadedRule[], refused?: ReadonlyMap<string, string>): Promise<void>;
  /** Says that it is over. */
  leave(): Promise<void>;
}

/** Says in the state who runs with which rules. */
export async function introduce(
  rules: readonly LoadedRule[],
  store: Pick<Store, 'noteRunner'>,
  { clock, version, process, log }: IntroductionInput,
): Promise<RunnerIntroduction> {
  let runner: RunnerRecord = { ...process, version, startedAt: clock.now(), endedAt: null, rules };
  await store.noteRunner(runner);
  return {
    leaveOut: async (refused) => {
      if (refused.size === 0) return;
      runner = { ...runner, rules: withRefusals(rules, refused) };
      await store.noteRunner(runner);
    },
    noteReload: async (reload, others, refused = new Map()) => {
      runner = { ...runner, ...(others && { rules: withRefusals(others, refused) }), reload };
      await store.noteRunner(runner);
    },
    leave: () =>
      store.noteRunner({ ...runner, endedAt: clock.now() }).catch((thrown: unknown) => {
        log.warn('The state will say that this process was killed.', { reason: toHuntwireError(thrown).message });
      }),
  };
}

function withRefusals(rules: readonly LoadedRule[], refused: ReadonlyMap<string, string>): readonly LoadedRule[] {
  return rules.map((rule) => ({ ...rule, ...refusalOf(refused.get(rule.ruleId)) }));
}

function refusalOf(reason: string | undefined): Pick<LoadedRule, 'refused'> {
  return reason === undefined ? {} : { refused: reason };
}
