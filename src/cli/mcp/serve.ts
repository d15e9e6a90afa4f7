import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import { serveAssistant } from '../../mcp/serve-assistant.ts';
import type { Allowance } from '../../mcp/tool.ts';
import { DEFAULT_CONFIG } from '../options.ts';
import { readWithoutSecrets } from '../read-config.ts';
import { oneLine } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';
import { version } from '../version.ts';
import { type ToolDepsOptions, toolDepsOf } from './tool-deps-of.ts';

export interface AssistantAsked extends ToolDepsOptions {
  readonly allowTenant: boolean;
  readonly allowWrite: boolean;
}

/** Serves one assistant until it ends the connection, or the process is stopped. What is told to people goes to stderr. */
export async function speakToAssistant(world: World, options: AssistantAsked): Promise<void> {
  const { pipes } = world;
  if (!pipes) throw new HuntwireError('USAGE', 'An assistant starts this, and speaks with it over standard input.');
  const tell = (text: string): void => world.stderr.write(`huntwire mcp: ${oneLine(text)}\n`);
  learnTables(world, options.config, tell);
  const open = new Set<Allowance>();
  if (options.allowTenant) open.add('tenant');
  if (options.allowWrite) open.add('write');
  tell(`${version} speaks the Model Context Protocol on standard input and output.`);
  const server = { version, open, deps: toolDepsOf(world, options), signal: world.signal };
  await serveAssistant(pipes, server, (error) => tell(error.message));
}

/** Tables of the configuration are known from the start. One that is wrong hinders no tool that does without, and each that needs it says so. */
function learnTables(world: World, file: string, tell: (text: string) => void): void {
  if (file === DEFAULT_CONFIG && !existsSync(resolve(world.cwd, file))) return;
  try {
    readWithoutSecrets(world, file);
  } catch (thrown) {
    tell(toHuntwireError(thrown).message);
  }
}
