import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Action } from '../../actions/action.ts';
import { parseInput } from '../../actions/parse-input.ts';
import { performAction } from '../../actions/perform-action.ts';
import { ACTIONS } from '../../actions/registry.ts';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import { suggest } from '../../lib/nearest.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { printJson } from '../terminal/print.ts';
import { printFailure } from '../terminal/print-failure.ts';
import type { World } from '../terminal/world.ts';
import { actionDepsOf } from './action-deps-of.ts';
import { exitOfResult } from './exit-of-result.ts';

export interface ActionOptions {
  readonly config: string;
  readonly input?: string;
}

/** Does one action; its outcome or its failure is the one document on stdout. */
export async function doAction(world: World, name: string, options: ActionOptions): Promise<number> {
  try {
    const action = actionOf(name);
    const input = parseInput(await inputText(world, options.input));
    let exitCode: number | null = null;
    const onExit = (code: number): void => {
      exitCode = code;
    };
    const result = await performAction(action, input, actionDepsOf(world, options.config, onExit));
    printJson(world, result);
    return exitCode ?? exitOfResult(name, result);
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    printFailure(world, error, 'json');
    return exitCodeOf(error.code);
  }
}

function actionOf(name: string): Action {
  const action = ACTIONS.get(name);
  if (action) return action;
  throw new HuntwireError('USAGE', `There is no action "${name}".${suggest(name, ACTIONS.keys())}`);
}

async function inputText(world: World, file: string | undefined): Promise<string> {
  // Where a person sits at the terminal, nobody waits for an input that is not meant.
  if (file === undefined && world.confirm) return '';
  if (file === undefined || file === '-') return (await world.readInput?.()) ?? '';
  try {
    return await readFile(resolve(world.cwd, file), 'utf8');
  } catch (cause) {
    throw new HuntwireError('USAGE', `--input: ${file} cannot be read.`, { cause });
  }
}
