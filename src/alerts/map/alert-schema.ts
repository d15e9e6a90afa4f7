import { CHANGE_KINDS, DISPOSITIONS, HEALTH_CODES, HELD_REASONS } from '../alert.ts';
import { SEVERITY_NAMES } from '../severity.ts';

const TEXT = { type: 'string' };
const TEXT_OR_NULL = { type: ['string', 'null'] };
const TEXTS = { type: 'array', items: TEXT };
const COUNT = { type: 'integer', minimum: 0 };
export const KEY_PATTERN = '^[0-9a-f]{32}$';
export const TIME_PATTERN = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,7})?Z$';
const KEY = { type: 'string', pattern: KEY_PATTERN };
const TIME = { type: 'string', pattern: TIME_PATTERN };

export const ENTITY_TYPE_NAMES = ['host', 'account', 'file', 'process', 'ip', 'url', 'mail', 'registry', 'app'];

function closed(properties: Readonly<Record<string, unknown>>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', required, properties, additionalProperties: false };
}

function described(schema: object, description: string) {
  return { ...schema, description };
}

const ORIGIN = described(
  closed({ format: TEXT, data: { type: 'object' } }),
  'Of a rule that was written for another product: its format, and what it says that Huntwire only passes on (response actions are never executed).',
);

const RULE = closed(
  {
    id: TEXT,
    name: TEXT,
    version: TEXT,
    hash: described(TEXT, 'SHA-256 of what decides the rule’s results; empty for health alerts without a rule.'),
    references: TEXTS,
    runbook: TEXT_OR_NULL,
    falsePositives: TEXTS,
    tags: TEXTS,
    origin: ORIGIN,
  },
  ['origin'],
);

const WINDOW = {
  oneOf: [closed({ from: TIME, to: TIME, basis: { enum: ['ingestion', 'event'] } }), { type: 'null' }],
  description: 'The half-open time range that the run searched; null for rules without a window.',
};

const ENTITY = {
  type: 'object',
  required: ['type'],
  properties: { type: { enum: ENTITY_TYPE_NAMES } },
  additionalProperties: { type: ['string', 'number', 'boolean'] },
};

const OVERFLOW = closed({
  hits: described(COUNT, 'Hits that are in no alert of their own.'),
  atLeast: described({ type: 'boolean' }, 'The answer was truncated: there may be more.'),
  byKey: { type: 'array', maxItems: 50, items: closed({ key: TEXT, hits: COUNT }) },
});

const CHANGE = closed({
  kind: { enum: CHANGE_KINDS },
  since: described(TIME, 'The logical time of the run that made the message before.'),
  reason: TEXT,
});

const SUPPRESSED = closed(Object.fromEntries(HELD_REASONS.map((reason) => [reason, COUNT])), HELD_REASONS);

const PROPERTIES = {
  schemaVersion: { enum: ['1.0', '1.1'] },
  id: described(KEY, 'Depends on content only; a repeat carries the same id.'),
  revision: described(COUNT, 'Receivers upsert by id and ignore lower revisions.'),
  kind: { enum: ['detection', 'health'] },
  status: { enum: ['firing', 'resolved'] },
  time: described(TIME, 'When this revision was made.'),
  tenant: TEXT,
  rule: RULE,
  title: { type: 'string', minLength: 1, maxLength: 512 },
  description: TEXT,
  severity: { enum: SEVERITY_NAMES },
  attack: { type: 'array', items: closed({ tactic: TEXT_OR_NULL, technique: TEXT_OR_NULL }) },
  window: WINDOW,
  firstSeen: described(TIME, 'Oldest event; the time of the run where rows tell none.'),
  lastSeen: described(TIME, 'Newest event; the time of the run where rows tell none.'),
  rowCount: described(COUNT, 'The true number of rows; evidence holds the first ones.'),
  truncated: described({ type: 'boolean' }, 'The answer was cut short: counts are lower bounds.'),
  entities: { type: 'array', maxItems: 100, items: ENTITY },
  observables: { type: 'array', maxItems: 200, items: closed({ type: TEXT, value: TEXT }) },
  details: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
  evidence: { type: 'array', maxItems: 500, items: { type: 'object' } },
  dedupKey: described(KEY, 'Alerts of one key are delivered in order and share quiet times.'),
  suppressedCount: described(COUNT, 'Hits held back under this key since its last alert.'),
  suppressed: described(SUPPRESSED, 'Since 1.1: the same by reason; adds up to `suppressedCount`.'),
  runId: TEXT,
  source: TEXT,
  overflow: described(OVERFLOW, 'Present where this alert stands for hits beyond the limit.'),
  mappingErrors: { type: 'array', items: closed({ column: TEXT, message: TEXT }) },
  health: closed({ code: { enum: HEALTH_CODES }, subject: TEXT }),
  evidenceTruncated: described(
    { type: 'boolean' },
    'Rows or other parts were left out or cut to keep within a size limit.',
  ),
  change: described(CHANGE, 'Of a detection from revision 1 on: what has changed since the message before.'),
  links: described(closed({ alert: described(TEXT, 'Where people see more of the alert.') }, ['alert']), 'Since 1.1.'),
  acknowledged: described(
    { oneOf: [closed({ by: TEXT, at: TIME, disposition: { enum: DISPOSITIONS } }, ['disposition']), { type: 'null' }] },
    'Since 1.1: who has taken the alert in hand; null: nobody has said so.',
  ),
};

const OPTIONAL = [
  'suppressed',
  'overflow',
  'mappingErrors',
  'health',
  'evidenceTruncated',
  'change',
  'links',
  'acknowledged',
];

/** The contract of alerts as JSON Schema 2020-12; schemas/alert.schema.json is this, written out. */
export const ALERT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:huntwire:schema:alert:1.1',
  title: 'Huntwire alert',
  description: 'The normalized document made of a hit of a rule, or of a condition of Huntwire itself.',
  ...closed(PROPERTIES, OPTIONAL),
};
