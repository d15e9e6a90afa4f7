import type { LateCoverage, RuleState } from '../../state/store.ts';
import { type VoidCoverage, type VoidInput, voidAhead } from '../coverage/void-ahead.ts';
import { type CoveragePlan, planBacklog, planDue } from '../coverage.ts';
import { logicalGrid, type Timetable } from '../schedule.ts';
import { delayOf, type WindowSettings } from '../windows.ts';
import { asSwept } from './sweep-view.ts';

export interface SweepPlanInput extends Omit<VoidInput, 'delayMs'> {
  readonly timetable: Timetable;
  /** Epoch ms of the service's clock; null: only what waits. */
  readonly scheduledAt: number | null;
  readonly retentionMs: number;
  readonly settings: WindowSettings;
}

export interface SweepPlan extends CoveragePlan {
  readonly voided: VoidCoverage | null;
}

/** As of when a sweep asks that is due at `scheduledAt`, epoch ms. */
export function sweepTime(scheduledAt: number, { rule, now, settings }: SweepPlanInput): number {
  return Math.min(scheduledAt, now) - delayOf(asSwept(rule), settings);
}

/** Plans the sweep that is due, else the oldest part of an earlier one that waits. Arrivals of days without a sweep are made up for. */
export function planSweep(state: RuleState, late: LateCoverage, input: SweepPlanInput): SweepPlan {
  const { now, timetable, scheduledAt, retentionMs, settings } = input;
  const rule = asSwept(input.rule);
  const delayMs = delayOf(rule, settings);
  const sound = voidAhead({ ...state, ...late, leaps: [] }, { ...input, rule, delayMs });
  const { frontier, ledger, sliceMs } = sound.state;
  const coverage = { frontier, ledger, sliceMs };
  const common = { rule, coverage, grid: logicalGrid(timetable, delayMs), now, retentionMs, settings };
  const due = scheduledAt === null ? null : planDue({ ...common, logicalTime: sweepTime(scheduledAt, input) });
  const plan = due?.planned ? due : planBacklog(common);
  return { ...plan, planned: plan.planned && { ...plan.planned, lane: 'sweep' }, voided: sound.found };
}
