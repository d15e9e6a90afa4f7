import type { Alert } from '../alerts/alert.ts';

/** A format's payload, ready to send. */
export interface Payload {
  readonly body: string;
  readonly contentType: string;
  /** What belongs into headers of the request, names in lower case; only of formats that say `needsHeaders`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A payload as it is sent: some are bytes already. */
export interface SentPayload extends Omit<Payload, 'body'> {
  readonly body: string | Buffer;
}

export interface FormatOptions {
  /** The payload must not exceed this many bytes of UTF-8; the format shrinks it and keeps it valid. null: no limit. */
  readonly maxBytes: number | null;
}

/** A pure function from an alert to a wire payload. */
export interface Format {
  (alert: Alert, options: FormatOptions): Payload;
  /** The same of an alert as JSON, so that it need not be parsed; null: this one must be. Only of formats for which that text may do. */
  readonly ofText?: (text: string, options: FormatOptions) => Payload | null;
  /** The same, whole, in UTF-8: where that takes less time than a text. */
  readonly inBytes?: (alert: Alert) => SentPayload;
}

/** A format as a target's configuration names it. */
export interface NamedFormat {
  readonly name: string;
  /** What it writes and how it shrinks, for the table in docs/alerts.md. */
  readonly description: string;
  readonly format: Format;
  /** It says something in headers: only targets whose setting `format` is `formatWithHeadersSchema` can carry it. */
  readonly needsHeaders?: boolean;
}
