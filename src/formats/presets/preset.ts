import type { Alert } from '../../alerts/alert.ts';

/** A JSON document, before it is written. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What a body is made with beside the alert. */
export interface PresetOptions {
  /** The vendor's word or number for a severity of ours; the configuration has overridden some. */
  readonly severities: Readonly<Record<Alert['severity'], string | number>>;
  /** The target's settings that are no secrets. */
  readonly settings: JsonObject;
}

/** A pure function from an alert to a document within the vendor's caps: what is too long is cut with an ellipsis, the document stays valid. */
export type PresetBody = (alert: Alert, options: PresetOptions) => JsonObject;

/** The bodies that one vendor takes, by what they are for. The target of the same name sends them, and adds what is secret. */
export interface Preset {
  readonly name: string;
  /** What it writes and how it is cut, for the table in docs/alerts.md. */
  readonly description: string;
  readonly severities: PresetOptions['severities'];
  readonly bodies: Readonly<Record<string, PresetBody>>;
}
