import { HuntwireError } from '../../lib/errors.ts';
import type { Lane } from '../../sources/quota/lanes.ts';
import type { QuotaUsage } from '../../sources/quota/quota-meter.ts';
import { defineAction } from '../action.ts';
import type { ActionDeps } from '../action-deps.ts';
import {
  A_TEXT,
  AN_INTEGER,
  ANY_OBJECT,
  flag,
  gives,
  INTEGER_OR_NULL,
  type JsonSchema,
  listOf,
  NUMBER,
  oneOf,
  TRUTH,
  takes,
  word,
  words,
} from '../schema.ts';
import { completeQuery, withoutLines } from './complete-query.ts';
import { gatherRows } from './gather-rows.ts';

interface QueryAsked {
  readonly kql: string;
  readonly tenant?: string;
  readonly limit?: number;
  readonly lane?: Lane;
}

const ROWS = 1000;
const MOST_ROWS = 10_000;
const LONGEST_QUERY = 100_000;

const KQL: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: LONGEST_QUERY,
  description: 'The query. A verb reads it from standard input where it is -.',
  'x-cli': '[kql]',
};

export const runQuery = defineAction<QueryAsked>({
  uuid: 'f238a53b-3c4a-4e51-9acb-af06b266749f',
  slug: 'run_query',
  name: 'Run a query',
  description: 'Runs one KQL query as it is and returns its rows, within the quota that rules leave.',
  scope: 'run',
  asksTenant: true,
  command: ['huntwire', 'query', '--format', 'json'],
  input: takes(
    {
      kql: KQL,
      tenant: word('Which tenant to ask, where several are configured.', '--tenant'),
      limit: {
        type: 'integer',
        minimum: 1,
        maximum: MOST_ROWS,
        default: ROWS,
        description: 'So many rows at most; with more the answer is cut and says so.',
      },
      lane: {
        type: 'string',
        enum: ['medium', 'low', 'informational', 'backlog'],
        default: 'low',
        description: 'Beside rules of which severity it waits for the quota; those of high severity always go first.',
      },
    },
    ['kql'],
  ),
  commandOnly: {
    file: word('Read the query from this file.', '--file'),
    output: word('Write the result into this file instead of standard output.', '--output'),
    data: words(
      'Run the query here, over these folders or files of events; nothing is asked over the network.',
      '--data',
    ),
    strict: flag('With data: what cannot be read is an error.', '--strict'),
    dates: { ...oneOf(['dmy', 'mdy']), description: 'With data: how it writes 03/04/2026.', 'x-cli': '--dates' },
  },
  results: gives(
    {
      columns: listOf(gives({ name: A_TEXT, type: A_TEXT })),
      rows: listOf(ANY_OBJECT),
      truncated: TRUTH,
      source: A_TEXT,
      elapsedMs: AN_INTEGER,
      quota: {
        ...gives({ room: INTEGER_OR_NULL, callsLastHour: AN_INTEGER, runSecondsLastHour: NUMBER }),
        description:
          'How many calls still fit the minute and the hour (null: they are not limited), and what was used.',
      },
    },
    ['quota'],
  ),
  run: ask,
});

async function ask({ kql, tenant, limit = ROWS, lane = 'low' }: QueryAsked, deps: ActionDeps): Promise<unknown> {
  refuseCommand(kql);
  const { text, linesBefore } = await completeQuery(kql, deps.config);
  const source = await deps.openTenant(tenant, lane);
  const begun = deps.clock.monotonic();
  try {
    const gathered = await gatherRows(source, { ruleId: 'query', query: text, signal: deps.signal }, limit);
    const elapsedMs = Math.round(deps.clock.monotonic() - begun);
    return {
      ...gathered,
      source: source.api,
      elapsedMs,
      ...(source.usage && { quota: quotaLeft(await source.usage()) }),
    };
  } catch (thrown) {
    // The service counts the comment line that goes in front of every query, too.
    throw withoutLines(thrown, source.api === 'local' ? linesBefore : linesBefore + 1);
  } finally {
    await source.close();
  }
}

function quotaLeft({ room, callsLastHour, runSecondsLastHour }: QuotaUsage): object {
  const seconds = Math.round(runSecondsLastHour * 1000) / 1000;
  return { room: Number.isFinite(room) ? room : null, callsLastHour, runSecondsLastHour: seconds };
}

/** Hunting APIs know no commands, but a source to come may: this action only looks. */
function refuseCommand(kql: string): void {
  const first = kql.replace(/^(?:\s|\/\/[^\n]*(?:\n|$))+/, '');
  if (first.startsWith('.'))
    throw new HuntwireError('USAGE', 'That is a command and no query: it begins with a dot. This action only looks.');
}
