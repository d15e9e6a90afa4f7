import type { PluginSchema } from '../lib/plugin.ts';
import { name } from './name-schema.ts';

/** Names of targets, each once. */
export const targetNames = { type: 'array', uniqueItems: true, items: name };

const duration = {
  type: 'string',
  pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$',
  'x-hint': 'write a duration such as 30s, 15m or 4h',
};

/** Alerts that go out together. */
export const digestSchema: PluginSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['every'],
  description: 'Its alerts go out together, as one message with a table of them.',
  properties: { every: { ...duration, description: 'How often at most; from 1m to 30d.' } },
};

/** Further targets of alerts that nobody takes on. */
export const escalateSchema: PluginSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['after', 'to'],
  description: 'Where an alert goes that fires and that nobody acknowledges.',
  properties: {
    after: { ...duration, description: 'Time before the first of them, and between any two; from 1m to 7d.' },
    to: { ...targetNames, minItems: 1, description: 'Names of targets, one after another.' },
  },
};
