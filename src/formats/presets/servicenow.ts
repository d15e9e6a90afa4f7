import type { Alert } from '../../alerts/alert.ts';
import { headingOf, titleLine } from './outline/outline.ts';
import { fittedText } from './outline/outline-text.ts';
import type { JsonObject, Preset, PresetOptions } from './preset.ts';

const MAX_SHORT = 160;
/** What `description` and work notes hold by default; ServiceNow cuts without a word. */
const MAX_TEXT = 4_000;
/** Resolved, of an incident. */
const RESOLVED = '6';
const CODE_TAG = /\[(?=\/?code\])/gi;

function recordOf(alert: Alert, options: PresetOptions): JsonObject {
  return {
    short_description: titleLine(alert, MAX_SHORT),
    description: fittedText(alert, MAX_TEXT),
    ...levelsOf(alert, options),
    correlation_id: alert.id,
    correlation_display: 'Huntwire',
  };
}

function levelsOf({ severity }: Alert, { severities }: PresetOptions): JsonObject {
  const level = String(severities[severity]);
  return { urgency: level, impact: level };
}

/** A severity that has risen shows in the queue, too. */
function noteOf(alert: Alert, options: PresetOptions): JsonObject {
  const hasRisen = alert.change?.kind === 'severity';
  return { work_notes: journalText(alert), ...(hasRisen && levelsOf(alert, options)) };
}

/** The close fields are what the data policy of incidents asks for; other tables leave them out of account. */
function resolutionOf(alert: Alert, { settings }: PresetOptions): JsonObject {
  return {
    state: String(settings.resolveState ?? RESOLVED),
    close_code: 'No resolution provided',
    close_notes: `Huntwire: the condition of alert ${alert.id} is gone.`,
    work_notes: journalText(alert),
  };
}

/** Of a work note, what stands between code tags would be HTML. */
function journalText(alert: Alert): string {
  return fittedText(alert, MAX_TEXT / 2, headingOf(alert)).replace(CODE_TAG, '[ ');
}

export const SERVICENOW: Preset = {
  name: 'servicenow',
  description:
    'A record whose `correlation_id` is the alert id; urgency and impact are the severity. A work note for every update, and urgency and impact anew where the severity has risen; a resolve sets the state, close code and close notes. Short description at most 160 characters, description at most 4,000: rows give way first.',
  severities: { informational: 3, low: 3, medium: 2, high: 2, critical: 1 },
  bodies: { record: recordOf, note: noteOf, resolution: resolutionOf },
};
