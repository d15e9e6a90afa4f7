import { toHuntwireError } from '../lib/errors.ts';
import type { Action } from './action.ts';
import type { ActionDeps } from './action-deps.ts';
import { checkInput } from './check-input.ts';

/**
 * Does one action with what a caller gave: USAGE names every problem of it. What changes something is logged with who asked for what, and
 * how it ended.
 */
export async function performAction(action: Action, given: unknown, deps: ActionDeps): Promise<unknown> {
  checkInput(action.slug, action.input, given);
  if (action.scope !== 'write') return action.run(given, deps);
  try {
    const result = await action.run(given, deps);
    note(action, given, deps, 'done');
    return result;
  } catch (thrown) {
    note(action, given, deps, toHuntwireError(thrown).code);
    throw thrown;
  }
}

const LONGEST_NOTE = 500;

function note({ slug }: Action, given: unknown, { log, by }: ActionDeps, outcome: string): void {
  const input = JSON.stringify(given) ?? '';
  log.info('an action was asked for', { action: slug, by, outcome, input: input.slice(0, LONGEST_NOTE) });
}
