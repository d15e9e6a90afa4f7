import { performAction } from '../../actions/perform-action.ts';
import { ACTIONS } from '../../actions/registry.ts';
import { A_TEXT, ANY_OBJECT, gives, type JsonSchema, listOf, oneOf, TRUTH, takes } from '../../actions/schema.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { Tool } from '../tool.ts';

const ROWS = 100;
const MOST_ROWS = 1000;
const LONGEST_QUERY = 100_000;

const KQL: JsonSchema = { type: 'string', minLength: 1, maxLength: LONGEST_QUERY, description: 'The query, in KQL.' };
const LIMIT: JsonSchema = {
  type: 'integer',
  minimum: 1,
  maximum: MOST_ROWS,
  default: ROWS,
  description: 'So many rows at most; with more the answer is cut and says so.',
};

/** Asks no tenant, whatever it is given. */
export const localQuery: Tool = {
  name: 'run_query',
  title: 'Query local data',
  description: 'Runs a KQL query over the local events that this server was given. Asks no tenant and costs no quota.',
  needs: [],
  input: takes({ kql: KQL, limit: LIMIT }, ['kql']),
  answer: gives({
    source: oneOf(['local']),
    columns: listOf(gives({ name: A_TEXT, type: A_TEXT })),
    rows: listOf(ANY_OBJECT),
    truncated: TRUTH,
  }),
  call: async ({ kql, limit = ROWS }, { askLocally }, signal) => {
    if (!askLocally)
      throw new HuntwireError('USAGE', 'There is no local data here: start it with "huntwire mcp --data FOLDER".');
    const { columns, rows } = await askLocally(String(kql), signal);
    const shown = rows.slice(0, Number(limit));
    return { source: 'local', columns, rows: shown, truncated: shown.length < rows.length };
  },
};

const HUNTING = ACTIONS.get('run_query');

/** The action run_query, which asks a tenant, under another name: here run_query looks at local data. */
export const tenantQuery: Tool = {
  name: 'run_hunting_query',
  title: 'Ask a tenant',
  description:
    'Runs a KQL query in a tenant of Microsoft Defender, within the quota that its rules leave; says what is left of it.',
  needs: ['tenant'],
  input: takes({ ...HUNTING?.input.properties, kql: KQL, limit: LIMIT }, ['kql']),
  answer: HUNTING?.results ?? ANY_OBJECT,
  call: async (given, { actionDeps }, signal) => {
    if (!HUNTING) throw new HuntwireError('INTERNAL', 'The action run_query is gone; report this.');
    return performAction(HUNTING, { limit: ROWS, ...given }, actionDeps(signal));
  },
};
