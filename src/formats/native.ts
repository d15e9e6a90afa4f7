import { jsonBytes } from '../lib/json/json-bytes.ts';
import { writtenText } from '../lib/json/known-text.ts';
import type { Format, NamedFormat } from './format.ts';
import { shrinkAlert } from './shrink-alert.ts';

const JSON_TYPE = 'application/json';

const ofAlert: Format = (alert, { maxBytes }) => ({
  body: writtenText(maxBytes === null ? alert : shrinkAlert(alert, maxBytes)),
  contentType: JSON_TYPE,
});

const ofText: NonNullable<Format['ofText']> = (text, { maxBytes }) =>
  maxBytes === null || Buffer.byteLength(text) <= maxBytes ? { body: text, contentType: JSON_TYPE } : null;

const inBytes: NonNullable<Format['inBytes']> = (alert) => ({ body: jsonBytes(alert), contentType: JSON_TYPE });

/** The alert as JSON, exactly as its schema says, on one line. */
export const formatNative: Format = Object.assign(ofAlert, { ofText, inBytes });

export const NATIVE: NamedFormat = {
  name: 'native',
  description:
    'The alert as JSON on one line. Shrinks in this order: rows, observables, details, data of a rule’s origin, mapping errors, keys of the overflow, description, lists of the rule, entities, title. Sets `evidenceTruncated`.',
  format: formatNative,
};
