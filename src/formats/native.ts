import type { Format } from './format.ts';
import { shrinkAlert } from './shrink-alert.ts';

/** The alert as JSON, exactly as its schema says, on one line. */
export const formatNative: Format = (alert, { maxBytes }) => ({
  body: JSON.stringify(maxBytes === null ? alert : shrinkAlert(alert, maxBytes)),
  contentType: 'application/json',
});
