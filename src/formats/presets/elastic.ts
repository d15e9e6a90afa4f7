import type { Alert } from '../../alerts/alert.ts';
import { documentOf } from '../ecs/document.ts';
import type { JsonObject, Preset, PresetOptions } from './preset.ts';

/** The document of the format `ecs`; `severityMap` may give another number. */
function bulkDocumentOf(alert: Alert, { severities }: PresetOptions): JsonObject {
  const document = documentOf(alert);
  const severity = Number(severities[alert.severity]);
  if (!Number.isFinite(severity)) return document;
  return { ...document, event: { ...(document.event as JsonObject), severity } };
}

export const ELASTIC: Preset = {
  name: 'elastic',
  description: 'A document of the Elastic Common Schema, as the format `ecs` writes it.',
  severities: { informational: 1, low: 3, medium: 5, high: 8, critical: 10 },
  bodies: { document: bulkDocumentOf },
};
