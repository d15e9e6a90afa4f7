import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ACTIONS } from '../../actions/registry.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { TextRehearsal } from '../../mcp/tool.ts';
import { parseRules } from '../../rules/load-rules.ts';
import { rehearseByVerb } from '../action/rehearse-by-verb.ts';
import type { World } from '../terminal/world.ts';

const NAME = 'rule.yaml';

/** The document of a verb about a rule that is no file: for as long as it is looked at it is one, which nobody else may read. */
export async function rehearseText(world: World, asked: TextRehearsal, config: string): Promise<unknown> {
  if (!PASSING_OVER.has(asked.slug)) refuseNoRule(asked.yaml);
  const folder = await mkdtemp(join(tmpdir(), 'huntwire-rule-'));
  const file = join(folder, NAME);
  const unnamed = namesTaken([file, relative(world.cwd, file), folder]);
  try {
    await writeFile(file, asked.yaml, { mode: 0o600 });
    const { document } = await rehearseByVerb(
      world,
      asked.slug,
      { ...asked.input, [placeOf(asked.slug)]: file },
      config,
    );
    return JSON.parse(unnamed(JSON.stringify(document)));
  } catch (thrown) {
    throw thrown instanceof HuntwireError ? withoutNames(thrown, unnamed) : thrown;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What says itself that a text holds no rule. */
const PASSING_OVER: ReadonlySet<string> = new Set(['validate_rules']);

/** Files that hold no rule are passed over by verbs that look at folders; of a text that would read as if all were well. */
function refuseNoRule(yaml: string): void {
  const { rules, problems } = parseRules(NAME, yaml);
  if (rules.length > 0 || problems.length > 0) return;
  throw new HuntwireError(
    'RULE_INVALID',
    'The text holds no rule that can be read; validate_rules says what is wrong with it.',
  );
}

/** Which word of the verb takes a file. */
function placeOf(slug: string): string {
  return ACTIONS.get(slug)?.commandOnly.paths ? 'paths' : 'rule';
}

/** Whoever gave a text has never heard of the file. */
function namesTaken(names: readonly string[]): (text: string) => string {
  const written = names.map((name) => JSON.stringify(name).slice(1, -1));
  return (text) => written.reduce((left, name) => left.replaceAll(name, NAME), text);
}

function withoutNames(error: HuntwireError, unnamed: (text: string) => string): HuntwireError {
  const problems = error.problems.map((problem) => ({
    ...problem,
    message: unnamed(problem.message),
    file: problem.file === null ? null : unnamed(problem.file),
  }));
  return new HuntwireError(error.code, unnamed(error.message), { problems, cause: error.cause });
}
