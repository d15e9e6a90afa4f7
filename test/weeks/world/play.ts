import type { DeadLetter, HealthRecord } from '../../../src/state/outbox-store.ts';
import type { RuleState } from '../../../src/state/store.ts';
import type { Scenario } from '../scenario.ts';
import { createService } from '../service/service.ts';
import { presentRules, tenantNames, viewOf } from '../tenant-view.ts';
import type { LifeWorld } from './body.ts';
import { applyEdits } from './edits.ts';
import { afterEnd, begin, type Editing, type Stage, schedule } from './happenings.ts';
import { createJournal, type JournalRecord, logOf } from './journal.ts';
import { createKilling } from './killing.ts';
import { runnableRules } from './load-rules.ts';
import { createMachine } from './machine.ts';
import { addSilences } from './silences.ts';
import { createSimTime } from './sim-time.ts';
import { createWeekState } from './state.ts';

/** A week as it went. */
export interface Week {
  readonly scenario: Scenario;
  readonly records: readonly JournalRecord[];
  /** When requests came in at the service, or at those of all tenants. */
  readonly calls: readonly number[];
  /** Those of each tenant, by its name. */
  readonly callsOf: ReadonlyMap<string, readonly number[]>;
  readonly final: FinalState;
  /** One line a record; made when it is asked for. */
  log(): string;
  /** True time at its end, epoch ms. */
  readonly endedAt: number;
  readonly steps: number;
}

export interface FinalState {
  readonly rules: ReadonlyMap<string, RuleState>;
  readonly deadLetters: readonly DeadLetter[];
  readonly openHealth: readonly HealthRecord[];
  readonly pending: readonly { readonly target: string; readonly pending: number }[];
}

/** A process has so long to end when it is told to, in true time. */
const STOP_LIMIT_MS = 3_600_000;

/** Plays a scenario from its start to its end, and a process stopped in order behind it. Rejects only where the simulator itself is wrong. */
export async function playWeek(scenario: Scenario, tamper: LifeWorld['tamper'] = null): Promise<Week> {
  const stage = await setUp(scenario, tamper);
  const { time, start } = stage;
  for (const fault of scenario.faults) schedule(stage, fault);
  begin(stage);
  await time.run(start + scenario.length * 1000);
  stage.over = true;
  stage.life?.stop();
  await time.runUntil(() => stage.life === null, time.now() + STOP_LIMIT_MS);
  const { records } = stage.world.journal;
  const final = await finalState(stage);
  const week = {
    scenario,
    records,
    calls: [...stage.world.services.values()].flatMap(({ calls }) => calls),
    callsOf: new Map([...stage.world.services].map(([tenant, { calls }]) => [tenant, calls])),
    final,
    log: once(() => logOf(records)),
    endedAt: time.now(),
    steps: time.steps(),
  };
  stage.state.close();
  return week;
}

async function setUp(scenario: Scenario, tamper: LifeWorld['tamper']): Promise<Stage> {
  const start = Date.parse(scenario.start);
  const time = createSimTime(start);
  const machine = createMachine(time, scenario.skew * 1000);
  const journal = createJournal();
  const killing = createKilling(scenario, time);
  const services = tenantNames(scenario).map((tenant) => {
    return [tenant, createService({ tenant, scenario: viewOf(scenario, tenant), time, machine, journal })] as const;
  });
  let runs = 0;
  const stage: Stage = {
    scenario,
    start,
    time,
    machine,
    state: createWeekState(),
    world: {
      scenario,
      time,
      machine,
      services: new Map(services),
      killing,
      journal,
      newRunId: () => `run-${++runs}`,
      tamper,
      ended: (life, _, down) => afterEnd(stage, life, down),
    },
    prepared: new Map(),
    specs: scenario.rules,
    targets: scenario.targets,
    life: null,
    lives: 0,
    downUntil: start,
    whileDown: [],
    copies: new Map(),
    over: false,
  };
  await prepareRuleSets(stage);
  if (scenario.silences) await addSilences(scenario, stage.state.open(machine.clock(() => false)));
  return stage;
}

/** Every rule set that restarts and reloads bring, in their order. */
async function prepareRuleSets(stage: Stage): Promise<void> {
  let specs = stage.scenario.rules;
  const prepare = async (): Promise<void> =>
    void stage.prepared.set(specs, await runnableRules(presentRules(specs), stage.start));
  await prepare();
  for (const fault of editsOf(stage.scenario)) {
    specs = applyEdits(specs, fault.edits);
    await prepare();
  }
}

function editsOf(scenario: Scenario): readonly Editing[] {
  return scenario.faults.filter((fault): fault is Editing => 'edits' in fault).sort((a, b) => a.at - b.at);
}

async function finalState(stage: Stage): Promise<FinalState> {
  const store = stage.state.open(stage.machine.clock(() => false));
  const states = await store.ruleStates();
  return {
    rules: new Map(states.map(({ ruleId, state }) => [ruleId, state])),
    deadLetters: await store.deadLetters({ target: null, ids: null }),
    openHealth: await store.openHealth(),
    pending: (await store.targetCounts()).map(({ target, pending }) => ({ target, pending })),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
