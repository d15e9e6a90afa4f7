import { name } from './name-schema.ts';

const text = { type: 'string', minLength: 1, maxLength: 500 };
const match = {
  type: 'array',
  minItems: 1,
  maxItems: 50,
  items: { type: 'string', minLength: 1, maxLength: 2000 },
  description: 'Matchers, such as rule="x" or entity.host=~"build-.*"; all must hold.',
};
const who = {
  owner: { ...text, description: 'Who answers for it.' },
  reason: { ...text, description: 'Why nobody need be told.' },
};

const silences = {
  description: 'Which alerts nobody is told of for a time; what was hidden is summed up when it ends.',
  type: 'array',
  maxItems: 500,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'match', 'owner', 'reason', 'ends'],
    properties: {
      id: { ...name, description: 'Its name; a silence that comes later has another.' },
      match,
      ...who,
      starts: {
        ...text,
        description: 'A day or an instant; what happened before is told. Default: it is hidden, too.',
      },
      ends: { ...text, description: 'A day (its start in UTC) or an instant; what happens from then on is told.' },
    },
  },
};

const maintenance = {
  description: 'Times that come again in which alerts are hidden, as by silences.',
  type: 'array',
  maxItems: 500,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'match', 'cron', 'duration', 'reason', 'owner'],
    properties: {
      name: { ...name, description: 'Its name.' },
      match,
      cron: { ...text, description: 'When it begins: five fields.' },
      duration: { ...text, description: 'How long it lasts: 2h, 90m.' },
      timezone: { ...text, default: 'UTC', description: 'IANA name of the zone of the cron.' },
      ...who,
    },
  },
};

const links = {
  description: 'Where people see more.',
  type: 'object',
  additionalProperties: false,
  properties: {
    alert: {
      type: 'string',
      minLength: 1,
      maxLength: 1000,
      description:
        'Address of an alert, with {{id}}, {{tenant}}, {{rule}} and {{kind}} in it; alerts carry it as links.alert.',
    },
  },
};

const redact = {
  description: 'Columns whose values no alert shows.',
  type: 'object',
  additionalProperties: false,
  required: ['columns', 'how'],
  properties: {
    columns: {
      type: 'array',
      minItems: 1,
      maxItems: 200,
      items: { type: 'string', minLength: 1, maxLength: 256 },
      description:
        'Columns of results, in upper or lower case; those that a join numbers (AccountUpn1) are meant, too.',
    },
    how: {
      enum: ['drop', 'hash'],
      description: 'drop: the cell is empty; hash: equal values can be told, and nothing else.',
    },
    key: {
      type: 'string',
      minLength: 16,
      format: 'password',
      description: 'Secret that values are hashed with; default: one that the state keeps.',
    },
  },
};

/** Sections about what becomes of alerts before they go anywhere. */
export const ALERT_SECTIONS = { silences, maintenance, links, redact };
