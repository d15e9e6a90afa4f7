import type { RunnableRule } from '../../../src/rules/rule.ts';
import type { Fault, RuleSpec, Scenario, TargetSpec } from '../scenario.ts';
import { presentRules } from '../tenant-view.ts';
import type { Files, Life, LifeWorld } from './body.ts';
import { applyEdits } from './edits.ts';
import { startLife } from './life.ts';
import type { Machine } from './machine.ts';
import type { SimTime } from './sim-time.ts';
import type { StateCopy, WeekState } from './state.ts';

/** A process that was never told how long to stay down is started again after this. */
const DEFAULT_DOWN = 10;
/** Runs begin at whole seconds: whatever is read again is so between two of them. */
const AFTER_A_SECOND = 0.437;
/** One week while it is played. */
export interface Stage {
  readonly scenario: Scenario;
  readonly start: number;
  readonly time: SimTime;
  readonly machine: Machine;
  readonly state: WeekState;
  readonly world: LifeWorld;
  /** Rule sets that can be in force, analyzed before time begins: by the specs' identity. */
  readonly prepared: Map<readonly RuleSpec[], readonly RunnableRule[]>;
  specs: readonly RuleSpec[];
  targets: readonly TargetSpec[];
  life: Life | null;
  lives: number;
  /** True time before which no process is started. */
  downUntil: number;
  /** What was asked for that needs a stopped process: done when it has ended. */
  readonly whileDown: (() => void)[];
  copies: Map<Fault, StateCopy>;
  over: boolean;
}

export type Editing = Extract<Fault, { readonly edits: unknown }>;

/** Starts a process, where none runs and none has to stay down. */
export function begin(stage: Stage): void {
  if (stage.life || stage.over) return;
  if (stage.time.now() < stage.downUntil) return;
  stage.lives += 1;
  stage.life = startLife(stage.world, stage.lives, stage.state.open, filesOf(stage));
}

function filesOf({ prepared, specs, targets }: Stage): Files {
  const rules = prepared.get(specs);
  if (!rules) throw new Error('these rules were never analyzed');
  return { specs: presentRules(specs), rules, targets };
}

function beginLater(stage: Stage, until: number): void {
  stage.downUntil = Math.max(stage.downUntil, until);
  stage.time.at(stage.downUntil, () => begin(stage));
}

/** A process has ended: another one is started later. */
export function afterEnd(stage: Stage, life: Life, down: number | null): void {
  if (stage.life && stage.life !== life) throw new Error('two processes at once');
  stage.life = null;
  for (const work of stage.whileDown.splice(0)) work();
  beginLater(stage, stage.time.now() + (down ?? DEFAULT_DOWN) * 1000);
}

/** Lets a fault of the machine, or one that a person makes, happen at its time. */
export function schedule(stage: Stage, fault: Fault): void {
  const { time, start, machine, state } = stage;
  const at = (second: number, work: () => void): void => void time.at(start + second * 1000, work);
  switch (fault.kind) {
    case 'clock':
      at(fault.at, () => machine.setSkew(fault.skew * 1000));
      break;
    case 'suspend':
      at(fault.at, () => machine.suspend(fault.length * 1000));
      break;
    case 'kill':
      if (fault.point === 'moment') at(fault.at, () => stage.life?.kill('moment', fault.down));
      break;
    case 'restart':
      at(fault.at, () => {
        edit(stage, fault);
        restart(stage, fault.down);
      });
      break;
    case 'reload':
      at(fault.at + AFTER_A_SECOND, () => reload(stage, fault));
      break;
    case 'run-now':
      at(fault.at + AFTER_A_SECOND, () => stage.life?.ask(fault.rule, null));
      break;
    case 'acknowledge':
      at(fault.at + AFTER_A_SECOND, () => stage.life?.takeOn(fault.rule));
      break;
    case 'backfill': {
      const range = { from: start + fault.from * 1000, to: start + fault.to * 1000 };
      at(fault.at + AFTER_A_SECOND, () => stage.life?.ask(fault.rule, range));
      break;
    }
    case 'put-back':
      at(fault.from, () => {
        stage.copies.set(fault, state.copy());
        stage.world.journal.add({ kind: 'copied', at: time.now(), life: stage.lives });
      });
      at(fault.at, () => restart(stage, fault.down, () => putBack(stage, fault)));
      break;
    default:
  }
}

/** Stops the process that runs, if one does, and starts another later. */
function restart(stage: Stage, down: number, whileDown: () => void = () => undefined): void {
  stage.downUntil = Math.max(stage.downUntil, stage.time.now() + down * 1000);
  if (stage.life) {
    stage.whileDown.push(whileDown);
    stage.life.stop();
  } else {
    whileDown();
    beginLater(stage, stage.downUntil);
  }
}

/** Files that are wrong are mended before a process starts with them: a start would refuse them. */
function reload(stage: Stage, fault: Extract<Fault, { readonly kind: 'reload' }>): void {
  if (fault.refused) {
    stage.life?.reload(null);
    return;
  }
  edit(stage, fault);
  stage.targets = fault.targets ?? stage.targets;
  stage.life?.reload(filesOf(stage));
}

function edit(stage: Stage, fault: Editing): void {
  const next = applyEdits(stage.specs, fault.edits);
  const wanted = JSON.stringify(next);
  const known = [...stage.prepared.keys()].find((specs) => JSON.stringify(specs) === wanted);
  if (!known) throw new Error('an edit that was not foreseen');
  stage.specs = known;
}

function putBack(stage: Stage, fault: Fault): void {
  const copy = stage.copies.get(fault);
  if (!copy) return;
  stage.state.putBack(copy);
  stage.world.journal.add({ kind: 'put-back', at: stage.time.now(), life: stage.lives });
}
