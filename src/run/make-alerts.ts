import type { Alert } from '../alerts/alert.ts';
import type { AlertContext } from '../alerts/map/alert-context.ts';
import { type AlertMapper, createAlertMapper } from '../alerts/map/map-alert.ts';
import { makeOverflowAlert } from '../alerts/map/overflow-alert.ts';
import { validateAlert } from '../alerts/map/validate-alert.ts';
import { type RedactionSettings, redactorFor } from '../alerts/redaction.ts';
import type { Overflow } from '../alerts/told-hit.ts';
import { isTruncated } from './ask.ts';
import type { WindowAnswer } from './query-window.ts';
import type { RunInput } from './run-input.ts';

/** Makes the alerts of one run. Each has passed the schema. */
export interface AlertMaker {
  readonly ofHit: AlertMapper;
  /** The one for what went over the limit. */
  readonly ofOverflow: (overflow: Overflow) => Alert;
}

export function alertMakerOf(
  input: RunInput,
  answer: Extract<WindowAnswer, { kind: 'answered' }>,
  time: number,
  redaction?: RedactionSettings,
): AlertMaker {
  const context = contextOf(input, answer, time, redaction);
  return {
    ofHit: createAlertMapper(context),
    ofOverflow: (overflow) => {
      const alert = makeOverflowAlert(context, overflow);
      validateAlert(alert);
      return alert;
    },
  };
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
