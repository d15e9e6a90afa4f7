import { HuntwireError } from '../../lib/errors.ts';
import type { AlertQuery } from '../../state/alert-page.ts';
import { defineAction } from '../action.ts';
import { readTime } from '../read-time.ts';
import { ALERT_DOCUMENT, gives, type JsonSchema, listOf, TEXT_OR_NULL, TRUTH, takes, word } from '../schema.ts';
import { cursorOf, readCursor } from './cursor.ts';

interface AlertsAsked extends Pick<AlertQuery, 'tenant' | 'status' | 'kind' | 'severities'> {
  readonly cursor?: string;
  readonly since?: string;
  readonly rule?: string;
  readonly limit?: number;
}

const PAGE = 100;
const LARGEST_PAGE = 500;
const SEVERITIES = ['informational', 'low', 'medium', 'high', 'critical'];

const SEVERITIES_ASKED: JsonSchema = {
  type: 'array',
  items: { type: 'string', enum: SEVERITIES },
  maxItems: SEVERITIES.length,
  description: 'Only of these.',
};

export const listAlerts = defineAction<AlertsAsked>({
  uuid: '0b1f4f3c-7a43-4f0a-9f0e-6a0d2c1f7b41',
  slug: 'list_alerts',
  name: 'List alerts',
  description:
    'Alerts in the order in which they were told: each message (created, updated, resolved) once, oldest first. Keep `cursor` and ask with it again for what came since.',
  scope: 'read',
  command: ['huntwire', 'action', 'list_alerts'],
  input: takes({
    cursor: word('What the call before gave; where left out, the oldest alerts that are kept come first.'),
    since: word('Only told since then: an instant, or 24h back from now.'),
    limit: {
      type: 'integer',
      minimum: 1,
      maximum: LARGEST_PAGE,
      default: PAGE,
      description: 'So many alerts at most.',
    },
    tenant: word('Only of this tenant.'),
    rule: word('Only of the rule with this id.'),
    status: { type: 'string', enum: ['firing', 'resolved'], description: 'Only with this status.' },
    kind: { type: 'string', enum: ['detection', 'health'], description: 'Only of this kind.' },
    severities: SEVERITIES_ASKED,
  }),
  results: gives({
    alerts: listOf(ALERT_DOCUMENT),
    cursor: { ...TEXT_OR_NULL, description: 'For the next call; null: there was no alert yet.' },
    more: { ...TRUTH, description: 'There is more already: ask again at once.' },
    begunAnew: { ...TRUTH, description: 'The cursor was of another state: alerts that were seen may come again.' },
  }),
  run: async ({ cursor, since, rule, limit = PAGE, ...wanted }, { reading, clock }) => {
    if (cursor !== undefined && since !== undefined)
      throw new HuntwireError('USAGE', 'Give "cursor" or "since", not both: a cursor says where to begin.');
    const query: AlertQuery = {
      ...wanted,
      after: cursor === undefined ? null : readCursor(cursor),
      limit,
      ...(since !== undefined && { since: readTime(since, 'since', clock.now()) }),
      ...(rule !== undefined && { ruleId: rule }),
    };
    const { alerts, end, more, begunAnew } = await reading((store) => store.alertPage(query));
    return { alerts, cursor: end && cursorOf(end), more, begunAnew };
  },
});
