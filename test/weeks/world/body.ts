import type { TimeRange } from '../../../src/kql/window.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import type { Commit } from '../../../src/state/store.ts';
import type { KillPoint, RuleSpec, Scenario, TargetSpec } from '../scenario.ts';
import type { ServiceModel } from '../service/service.ts';
import type { Journal } from './journal.ts';
import type { Killing } from './killing.ts';
import type { Machine } from './machine.ts';
import type { SimTime } from './sim-time.ts';

/** What a process reads when it starts, and when everything is read again. */
export interface Files {
  readonly specs: readonly RuleSpec[];
  readonly rules: readonly RunnableRule[];
  readonly targets: readonly TargetSpec[];
}

/** One process, from its start to its end. */
export interface Life {
  readonly number: number;
  isDead(): boolean;
  /** SIGTERM. */
  stop(): void;
  /** Somebody asks it for turns of a rule, by `range` (epoch ms) of the past; null: as of now. */
  ask(ruleId: string, range: TimeRange | null): void;
  /** Somebody takes on the newest alert of a rule that fires. */
  takeOn(ruleId: string): void;
  /** SIGHUP; `files`: as they are now, null where something in them is wrong. */
  reload(files: Files | null): void;
  /** SIGKILL: from now on nothing of it has an effect. `down`: seconds until it is started again. */
  kill(point: KillPoint, down: number): void;
}

export interface LifeWorld {
  readonly scenario: Scenario;
  readonly time: SimTime;
  readonly machine: Machine;
  /** Each tenant's own, by its name. */
  readonly services: ReadonlyMap<string, ServiceModel>;
  readonly killing: Killing;
  readonly journal: Journal;
  readonly newRunId: () => string;
  /** Falsifies what a process commits, to see that it is found; commits pass as they are where it is null. */
  readonly tamper: ((commit: Commit) => Commit) | null;
  /** `down`: seconds until it is to be started again; null where nobody said. */
  readonly ended: (life: Life, how: 'stopped' | 'killed' | 'failed', down: number | null) => void;
}

/** What all parts of one process share. */
export interface Body extends LifeWorld {
  readonly number: number;
  readonly isDead: () => boolean;
  /** Whether the process dies at this point, now. */
  readonly diesAt: (point: KillPoint) => boolean;
}

/** Never settles: what a dead process waits for. */
export const never = <Result>(): Promise<Result> => new Promise<Result>(() => undefined);
