import type { AnswerForm } from './decode/answer-form.ts';
import { HUNTING_ANSWER } from './decode/answer-form.ts';
import type { RefuseInside } from './decode/tables-answer.ts';
import type { QueryRequest, ToldTable } from './source.ts';
import type { SourceConfig } from './source-settings.ts';

/** How an API is asked, and in which form it answers. */
export interface ApiWire {
  /** Behind the base URL. */
  path(config: SourceConfig): string;
  /** `query` is labelled: `// huntwire <rule id>` stands in front. */
  body(config: SourceConfig, query: string, request: QueryRequest): unknown;
  headers?(config: SourceConfig): Readonly<Record<string, string>>;
  readonly catalog?: Catalog;
  /** One for each answer. `refuse` makes the failure of an answer that tells an error in its rows or beside them. */
  answer(refuse: RefuseInside): AnswerForm;
}

/** How an API is asked for all its tables in one call. */
export interface Catalog {
  path(config: SourceConfig): string;
  /** Absent: it is a GET. */
  body?(config: SourceConfig): unknown;
  /** The tables by name. Throws SOURCE_RESPONSE_INVALID. */
  read(answer: unknown): ReadonlyMap<string, ToldTable>;
}

/** The three hunting APIs. `Query` is case-sensitive on the older two; Graph takes it so as well. */
export function huntingWire(path: string): ApiWire {
  return { path: () => path, body: (_, Query) => ({ Query }), answer: () => HUNTING_ANSWER };
}
