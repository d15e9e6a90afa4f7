import type { Action } from '../../actions/action.ts';
import { ACTIONS } from '../../actions/registry.ts';
import { type ErrorCode, HuntwireError, type Problem } from '../../lib/errors.ts';
import { runCli, type Verb } from '../cli.ts';
import type { World } from '../terminal/world.ts';
import { wordsOf } from './words-of.ts';

/** Verbs whose documents actions give. */
const VERBS_OF_ACTIONS: Readonly<Record<string, () => Promise<Verb>>> = {
  attack: async () => (await import('../attack.ts')).attack,
  backtest: async () => (await import('../backtest.ts')).backtest,
  doctor: async () => (await import('../doctor.ts')).doctor,
  explain: async () => (await import('../explain.ts')).explain,
  lint: async () => (await import('../lint.ts')).lint,
  once: async () => (await import('../once.ts')).once,
  status: async () => (await import('../status.ts')).status,
  test: async () => (await import('../test.ts')).test,
};

interface FailureDocument {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly problems: readonly Problem[] };
}

export interface RehearsedDocument {
  readonly document: unknown;
  /** As the verb ends. */
  readonly exitCode: number;
}

/** The document of the verb that does what an action is for; throws what made the verb fail. */
export async function rehearseByVerb(
  world: World,
  slug: string,
  input: unknown,
  config: string,
): Promise<RehearsedDocument> {
  const action = ACTIONS.get(slug);
  const [, name = ''] = action?.command ?? [];
  const load = VERBS_OF_ACTIONS[name];
  if (!action || !load) throw new HuntwireError('INTERNAL', `The action ${slug} has no verb; report this.`);
  return documentOfVerb(world, await load(), argvOf(action, input, config));
}

/** What a verb prints as its one document; throws what made it fail. */
export async function documentOfVerb(world: World, verb: Verb, argv: readonly string[]): Promise<RehearsedDocument> {
  const written: string[] = [];
  const stdout = { write: (text: string) => void written.push(text), isTTY: false, columns: world.stdout.columns };
  const { confirm: _, ...alone } = world;
  const exitCode = await runCli(argv, { ...alone, stdout }, [verb]);
  const document: unknown = JSON.parse(written.join(''));
  if (isFailure(document)) throw failureIn(document);
  return { document, exitCode };
}

function argvOf(
  { command, input: { properties }, commandOnly }: Action,
  input: unknown,
  config: string,
): readonly string[] {
  return [
    ...command.slice(1),
    `--config=${config}`,
    ...wordsOf({ ...properties, ...commandOnly }, input as Readonly<Record<string, unknown>>),
  ];
}

function isFailure(document: unknown): document is FailureDocument {
  const keys = Object.keys(Object(document));
  return keys.length === 1 && keys[0] === 'error';
}

function failureIn({ error: { code, message, problems } }: FailureDocument): HuntwireError {
  return new HuntwireError(code, message, { problems });
}
