import type { Alert } from '../alerts/alert.ts';
import type { Decision } from '../alerts/decide/decision.ts';
import type { AlertContext } from '../alerts/map/alert-context.ts';
import { createAlertMapper } from '../alerts/map/map-alert.ts';
import { makeOverflowAlert } from '../alerts/map/overflow-alert.ts';
import { validateAlert } from '../alerts/map/validate-alert.ts';
import { type RedactionSettings, redactorFor } from '../alerts/redaction.ts';
import { mapInTurns } from '../lib/in-turns.ts';
import { isTruncated } from './ask.ts';
import type { WindowAnswer } from './query-window.ts';
import type { RunInput } from './run-input.ts';

/** The alerts of one run: a told hit each, and one for what went over the limit. Each has passed the schema. Many take several turns of the event loop. */
export async function alertsOf(
  input: RunInput,
  answer: Extract<WindowAnswer, { kind: 'answered' }>,
  decision: Decision,
  time: number,
  redaction?: RedactionSettings,
): Promise<readonly Alert[]> {
  const context = contextOf(input, answer, time, redaction);
  const alerts = await mapInTurns(decision.told, createAlertMapper(context));
  if (!decision.overflow) return alerts;
  const overflow = makeOverflowAlert(context, decision.overflow);
  validateAlert(overflow);
  return [...alerts, overflow];
}

/** What all alerts of a run have in common. */
export function contextOf(
  input: RunInput,
  { asked }: Extract<WindowAnswer, { kind: 'answered' }>,
  time: number,
  redaction?: RedactionSettings,
): AlertContext {
  return {
    tenant: input.tenant.name,
    rule: input.rule,
    runId: input.runId,
    source: input.tenant.source.api,
    window: input.planned.asked,
    logicalTime: input.planned.logicalTime,
    time,
    truncated: isTruncated(asked),
    redactor: redactorFor(input.rule, redaction),
  };
}
