import type { Alert } from '../../alerts/alert.ts';
import { shrinkAlert } from '../shrink-alert.ts';
import { headingOf, titleLine } from './outline/outline.ts';
import { fenced, fittedText } from './outline/outline-text.ts';
import type { JsonObject, Preset, PresetOptions } from './preset.ts';

const MAX_NAME = 255;
const MAX_TEXT = 32_000;
const MAX_NOTE = 8_000;
const MAX_RAW_BYTES = 200_000;

function alertOf(alert: Alert, { severities }: PresetOptions): JsonObject {
  return {
    name: titleLine(alert, MAX_NAME),
    severity: Number(severities[alert.severity]),
    occurred: alert.firstSeen,
    details: fittedText(alert, MAX_TEXT),
    dbotMirrorId: alert.id,
    labels: [
      { type: 'huntwire', value: alert.id },
      { type: 'huntwireRule', value: alert.rule.id },
      { type: 'huntwireTenant', value: alert.tenant },
    ],
    rawJSON: JSON.stringify(shrinkAlert(alert, MAX_RAW_BYTES)),
    createInvestigation: true,
  };
}

/** By the field that is made for ids of other systems, or wherever it stands; without a size nothing comes back. */
function searchOf({ id }: Alert): JsonObject {
  return { filter: { query: `dbotMirrorId:"${id}" or "${id}"`, page: 0, size: 20 } };
}

function noteOf(alert: Alert): JsonObject {
  return { data: fenced(fittedText(alert, MAX_NOTE, headingOf(alert))), markdown: true };
}

function resolutionOf({ id }: Alert): JsonObject {
  return { closeReason: 'Resolved', closeNotes: `Huntwire: the condition of alert ${id} is gone.` };
}

export const XSOAR: Preset = {
  name: 'xsoar',
  description:
    'An incident with the alert id as `dbotMirrorId` and as a label, the alert as `rawJSON`; an entry in its war room for every update; a resolve closes it. Details at most 32,000 characters: rows give way first.',
  severities: { informational: 0.5, low: 1, medium: 2, high: 3, critical: 4 },
  bodies: { alert: alertOf, search: searchOf, note: noteOf, resolution: resolutionOf },
};
