import type { Action, ActionScope } from '../../actions/action.ts';
import { ACTIONS } from '../../actions/registry.ts';
import { A_TEXT, ANY_OBJECT, gives, type InputSchema, type JsonSchema, listOf } from '../../actions/schema.ts';

/** One thing that can be asked for over HTTP, as descriptions of any form tell it. */
export interface DescribedOperation {
  /** One of its own. */
  readonly id: string;
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly scope: ActionScope;
  /** The name of the schema of what it takes; of a `get`, each key is a parameter. */
  readonly input: string;
  readonly schema: InputSchema;
  /** The name of the schema of what it gives. */
  readonly results: string;
}

/** Lists that can be fetched as pages are, by the slug of the action. */
const LISTS: Readonly<Record<string, Pick<DescribedOperation, 'id' | 'path'>>> = {
  list_alerts: { id: 'fetch_alerts', path: '/v1/alerts' },
  list_rules: { id: 'fetch_rules', path: '/v1/rules' },
};

export const OPERATIONS: readonly DescribedOperation[] = [...ACTIONS.values()].flatMap((action) => {
  const { slug, name: summary, description, scope, input: schema } = action;
  const about = {
    summary,
    description,
    scope,
    schema,
    input: `${nameOf(slug)}Input`,
    results: `${nameOf(slug)}Result`,
  };
  const post = { ...about, id: slug, method: 'post', path: `/v1/actions/${slug}` } as const;
  const list = LISTS[slug];
  return list ? [post, { ...about, id: list.id, method: 'get', path: list.path } as const] : [post];
});

/** What failed, as every answer that is no success says it. */
export const FAILURE: JsonSchema = gives({
  error: gives({ code: A_TEXT, message: A_TEXT, problems: listOf(ANY_OBJECT) }, ['problems']),
});

/** The statuses of answers that are no success. */
export const FAILURES: Readonly<Record<string, string>> = {
  400: 'The input is wrong; the message says every problem of it.',
  401: 'No bearer token that is known.',
  403: 'The token has not the scope.',
  404: 'What is asked for is not there.',
  409: 'Something else goes on; ask again.',
  413: 'The body is too large.',
  422: 'A rule or a query is wrong.',
  429: 'Wait, as Retry-After says.',
  500: 'Huntwire failed; its log says why.',
  501: 'This process does not do that.',
  502: "The tenant's service failed.",
  503: 'It cannot be done at the moment; the log says why.',
  504: "The tenant's service took too long.",
};

/** Every named schema: what is taken, what is given, and a failure. */
export function namedSchemas(
  alert: JsonSchema,
  describe: (schema: JsonSchema, open: boolean) => JsonSchema,
): Readonly<Record<string, JsonSchema>> {
  const own = [...ACTIONS.values()].flatMap(({ slug, input, results }: Action) => [
    [`${nameOf(slug)}Input`, describe(input, false)],
    [`${nameOf(slug)}Result`, describe(results, true)],
  ]);
  return { Alert: describe(alert, true), Failure: describe(FAILURE, true), ...Object.fromEntries(own) };
}

function nameOf(slug: string): string {
  return slug.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
