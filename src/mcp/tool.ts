import type { ActionDeps } from '../actions/action-deps.ts';
import type { InputSchema, JsonSchema } from '../actions/schema.ts';

/** What somebody must have allowed before a tool is offered: to ask a tenant, which costs quota; to change something. */
export type Allowance = 'tenant' | 'write';

/** Rows of a query over local data. */
export interface LocalAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** What tools take from the process. */
export interface ToolDeps {
  /** For one call: the configuration as it is now. Throws what is wrong with it. */
  readonly actionDeps: (signal: AbortSignal) => ActionDeps;
  /** Local data to query, where the host was given some. */
  readonly askLocally: ((kql: string, signal: AbortSignal) => Promise<LocalAnswer>) | null;
  /** Does a rehearsing action with the text of a rule in place of a configured one, and keeps no trace of it. */
  readonly rehearseText: (asked: TextRehearsal, signal: AbortSignal) => Promise<unknown>;
}

export interface TextRehearsal {
  readonly slug: string;
  /** Of a rule file. */
  readonly yaml: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One thing that an assistant may ask for. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly needs: readonly Allowance[];
  readonly input: InputSchema;
  /** Of what `call` gives. */
  readonly answer: JsonSchema;
  /** `given` keeps to `input`. Throws HuntwireErrors. */
  readonly call: (given: Readonly<Record<string, unknown>>, deps: ToolDeps, signal: AbortSignal) => Promise<unknown>;
}
