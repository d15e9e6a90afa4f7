import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ToolDeps } from '../../mcp/tool.ts';
import { actionDepsOf } from '../action/action-deps-of.ts';
import { userName } from '../action/state-deps-of.ts';
import type { LocalDataOptions } from '../data-options.ts';
import { rulePlaces } from '../rule-paths.ts';
import type { World } from '../terminal/world.ts';

export interface ToolDepsOptions extends LocalDataOptions {
  readonly config: string;
}

/** What tools take from a process of the command line. Each call reads the configuration and opens the state anew. */
export function toolDepsOf(start: World, options: ToolDepsOptions): ToolDeps {
  const { config, data } = options;
  const world = { ...start, by: `${userName()} by an assistant` };
  return {
    actionDeps: (signal) => actionDepsOf({ ...world, signal }, config),
    askLocally:
      data.length === 0
        ? null
        : async (kql, signal) => {
            const { askLocally } = await import('../query/ask-locally.ts');
            const library = existsSync(resolve(world.cwd, config)) ? await rulePlaces(world, [], config) : {};
            const { result } = await askLocally({ ...world, signal }, kql, { ...options, trace: false, library });
            return result;
          },
    rehearseText: async (asked, signal) => {
      const { rehearseText } = await import('./rehearse-text.ts');
      return rehearseText({ ...world, signal }, asked, config);
    },
  };
}
