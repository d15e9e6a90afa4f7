import type { ActionDeps } from './action-deps.ts';
import type { InputSchema, JsonSchema } from './schema.ts';

/** What a caller must be allowed: `read` looks, `run` asks a tenant or rehearses rules, `write` changes something. */
export type ActionScope = 'read' | 'run' | 'write';

/** One thing that a host may ask for, whichever door it comes through. */
export interface Action {
  /** Never changes. */
  readonly uuid: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly scope: ActionScope;
  /** Whether it asks the hunting API. */
  readonly asksTenant: boolean;
  /** The verb that does the same, for hosts that run commands; `action` where there is none. */
  readonly command: readonly string[];
  readonly input: InputSchema;
  /** What only the command line takes: paths of the machine that it runs on, and how to print. */
  readonly commandOnly: Readonly<Record<string, JsonSchema>>;
  readonly results: JsonSchema;
  /** `input` keeps to its schema. Throws HuntwireErrors: NOT_FOUND, USAGE, ACTION_BUSY, ACTION_NOT_OFFERED and those of what it does. */
  readonly run: (input: unknown, deps: ActionDeps) => Promise<unknown>;
}

export interface ActionParts<Input> extends Omit<Action, 'run' | 'asksTenant' | 'commandOnly'> {
  readonly asksTenant?: true;
  readonly commandOnly?: Action['commandOnly'];
  readonly run: (input: Input, deps: ActionDeps) => Promise<unknown>;
}

/** `Input` is what the schema lets through. */
export function defineAction<Input>({ run, ...parts }: ActionParts<Input>): Action {
  return { asksTenant: false, commandOnly: {}, ...parts, run: (input, deps) => run(input as Input, deps) };
}
